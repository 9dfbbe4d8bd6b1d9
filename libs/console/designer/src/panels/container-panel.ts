import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { NodeDocument } from '@orderlines/process-engine';
import { changeFlow, changeNode, flowKey } from '../model/flows.js';
import { freshId } from '../model/names.js';
import { refuse } from '../model/refusal.js';
import { DesignerSession } from '../session/designer-session.js';

type Group = Extract<NodeDocument, { type: 'group' }>;
type Parallel = Extract<NodeDocument, { type: 'parallel' }>;

/** The flows of a container: branches of a parallel, setup and teardown of a group. */
@Component({
  selector: 'ol-container-panel',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (branches(); as names) {
      <h3>{{ 'designer.branches' | transloco }}</h3>
      @for (name of names; track name) {
        <div class="row">
          <input
            class="input"
            [value]="name"
            [attr.aria-label]="'designer.branch' | transloco"
            (change)="rename(name, field.value)"
            #field
          />
          <button class="button quiet small" type="button" (click)="remove(name)">{{ 'designer.delete' | transloco }}</button>
        </div>
      }
      <button class="button" type="button" data-test="add-branch" (click)="add()">{{ 'designer.addBranch' | transloco }}</button>
    } @else {
      @for (section of sections; track section) {
        @if (!has(section)) {
          <button class="button" type="button" (click)="begin(section)">{{ 'designer.addSection.' + section | transloco }}</button>
        }
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 8px;
    }
    .input {
      flex: 1;
      width: auto;
    }
  `,
})
export class ContainerPanel {
  private readonly session = inject(DesignerSession);
  readonly node = input.required<Group | Parallel>();
  protected readonly sections = ['setup', 'teardown'] as const;
  protected readonly branches = computed(() => {
    const node = this.node();
    return node.type === 'parallel' ? Object.keys(node.branches) : undefined;
  });

  protected has(section: 'setup' | 'teardown'): boolean {
    const node = this.node();
    return node.type === 'group' && node[section] !== undefined;
  }

  protected begin(section: 'setup' | 'teardown'): void {
    this.session.edit('designer.edit.change', (document) => changeFlow(document, flowKey(this.node().id, section), (nodes) => nodes));
  }

  protected add(): void {
    this.write((branches) => [...branches, [freshId('branch', new Set(branches.map(([name]) => name))), []]]);
  }

  protected remove(name: string): void {
    this.write((branches) => branches.filter(([one]) => one !== name));
  }

  protected rename(from: string, to: string): void {
    if (to === '' || (this.branches()?.includes(to) ?? false)) this.session.edit('', () => refuse('name-taken'));
    else this.write((branches) => branches.map(([name, nodes]) => [name === from ? to : name, nodes]));
  }

  private write(change: (branches: [string, NodeDocument[]][]) => [string, NodeDocument[]][]): void {
    const { id } = this.node();
    this.session.edit('designer.edit.change', (document) =>
      changeNode(document, id, (node) =>
        node.type === 'parallel' ? { ...node, branches: Object.fromEntries(change(Object.entries(node.branches))) } : node,
      ),
    );
  }
}

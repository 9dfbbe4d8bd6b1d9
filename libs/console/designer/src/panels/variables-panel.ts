import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Json } from '@orderlines/contracts';
import { DECLARED_TYPES, type ProcessDocument, type VariableDocument } from '@orderlines/process-engine';
import { freshId } from '../model/names.js';
import { renameValue } from '../model/rename.js';
import { DesignerSession } from '../session/designer-session.js';
import { JsonInput } from './json-input.js';

/** The variables of the process: what they are called, of which type, and what they begin with. */
@Component({
  selector: 'ol-variables-panel',
  imports: [JsonInput, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (variable of variables(); track $index; let index = $index) {
      <fieldset>
        <div class="row">
          <input
            class="input"
            [value]="variable.name"
            [attr.aria-label]="'designer.key.name' | transloco"
            (change)="rename(variable.name, name.value)"
            #name
          />
          <select
            class="select"
            [attr.aria-label]="'designer.key.type' | transloco"
            (change)="change(index, { type: types[type.selectedIndex] })"
            #type
          >
            @for (one of types; track one) {
              <option [selected]="one === variable.type">{{ one }}</option>
            }
          </select>
          <button class="button quiet small" type="button" (click)="remove(index)">{{ 'designer.delete' | transloco }}</button>
        </div>
        <ol-json-input [fieldId]="'variable-' + index" [rows]="1" [value]="variable.value" (changed)="change(index, { value: $event })" />
      </fieldset>
    } @empty {
      <p class="soft">{{ 'designer.noVariables' | transloco }}</p>
    }
    <button class="button" type="button" data-test="add-variable" (click)="add()">{{ 'designer.addVariable' | transloco }}</button>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 12px;
    }
    fieldset {
      display: flex;
      flex-direction: column;
      gap: 6px;
      padding: 8px;
      border: 1px solid var(--line);
      border-radius: 8px;
    }
    .input,
    .select {
      flex: 1;
      width: auto;
      min-width: 90px;
    }
  `,
})
export class VariablesPanel {
  private readonly session = inject(DesignerSession);
  protected readonly types = [...DECLARED_TYPES, 'any'] as const;
  protected readonly variables = computed(() => this.session.document().variables ?? []);

  private write(variables: readonly VariableDocument[]): void {
    this.session.edit(
      'designer.edit.variables',
      (document) => {
        const { variables: _before, ...others } = document;
        return (variables.length === 0 ? others : { ...document, variables: [...variables] }) as ProcessDocument;
      },
      true,
    );
  }

  protected change(index: number, changed: Partial<VariableDocument>): void {
    const written = this.variables().map((variable, at) => (at === index ? { ...variable, ...changed } : variable));
    this.write(
      written.map(
        (variable) => Object.fromEntries(Object.entries(variable).filter(([, value]) => value !== undefined)) as VariableDocument,
      ),
    );
  }

  protected rename(from: string, to: string): void {
    this.session.edit('designer.edit.rename', (document) => renameValue(document, 'vars', from, to));
  }

  protected add(): void {
    const name = freshId('variable', new Set(this.variables().map((variable) => variable.name)));
    this.write([...this.variables(), { name, type: 'integer', value: 0 as Json }]);
  }

  protected remove(index: number): void {
    this.write(this.variables().toSpliced(index, 1));
  }
}

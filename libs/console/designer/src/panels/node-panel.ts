import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Json, JsonObject } from '@orderlines/contracts';
import type { NodeDocument } from '@orderlines/process-engine';
import { Language } from '@orderlines/console/ui';
import { fieldsOfSchema } from '../form/schema-fields.js';
import { ExpressionInput } from '../form/expression-input.js';
import { ValueForm } from '../form/value-form.js';
import { changeNode } from '../model/flows.js';
import { renameNode } from '../model/rename.js';
import { DesignerSession } from '../session/designer-session.js';
import { TaskTypes } from '../session/task-types.js';
import { ChildPanel } from './child-panel.js';
import { ContainerPanel } from './container-panel.js';
import { GatewayPanel } from './gateway-panel.js';
import { JsonInput } from './json-input.js';
import { LabelsPipe } from './labels.pipe.js';
import { NODE_FIELDS, RUN_FIELDS } from './node-fields.js';

/** The chosen node: what it does, what becomes of its result, and how it runs. */
@Component({
  selector: 'ol-node-panel',
  imports: [ChildPanel, ContainerPanel, ExpressionInput, GatewayPanel, JsonInput, LabelsPipe, TranslocoPipe, ValueForm],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './node-panel.html',
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 12px;
    }
    .problems {
      flex-direction: column;
      gap: 4px;
    }
    textarea.plain {
      min-height: 32px;
      font: inherit;
    }
  `,
})
export class NodePanel {
  protected readonly session = inject(DesignerSession);
  private readonly taskTypes = inject(TaskTypes);
  private readonly language = inject(Language);

  protected readonly tabs = ['params', 'results', 'settings'] as const;
  protected readonly tab = signal<(typeof this.tabs)[number]>('params');
  protected readonly node = computed(() => this.session.chosen() as NodeDocument);
  protected readonly problems = computed(() => this.session.problemsOf().get(this.node().id) ?? []);
  protected readonly manifest = computed(() => {
    const node = this.node();
    return node.type === 'task' ? this.taskTypes.of(node.uses) : undefined;
  });
  protected readonly versions = computed(() => {
    const name = this.manifest()?.name;
    return this.taskTypes.all().flatMap((manifest) => (manifest.name === name ? [manifest.version] : []));
  });
  protected readonly inputFields = computed(() => fieldsOfSchema(this.manifest()?.inputs ?? {}, this.language.current()));
  protected readonly resultFields = computed(() => fieldsOfSchema(this.manifest()?.results ?? {}, this.language.current()));
  protected readonly inputs = computed(() => {
    const node = this.node();
    return (node.type === 'task' ? (node.with ?? {}) : {}) as JsonObject;
  });
  protected readonly ownFields = computed(() => NODE_FIELDS[this.node().type] ?? []);
  protected readonly runFields = computed(() => RUN_FIELDS.filter(({ types }) => types.includes(this.node().type)));
  protected readonly asObject = computed(() => this.node() as unknown as JsonObject);
  protected readonly bindings = computed(() => Object.entries(this.node().set ?? {}));
  protected readonly variables = computed(() => (this.session.document().variables ?? []).map(({ name }) => name));
  protected readonly siblings = computed(() => {
    const place = this.session.places().get(this.node().id);
    return (place?.flow.nodes ?? []).filter(({ id }) => id !== this.node().id);
  });
  protected readonly inGraph = computed(() => this.session.places().get(this.node().id)?.flow.isGraph ?? false);
  protected readonly onError = computed(() => {
    const { onError } = this.node();
    return typeof onError === 'object' ? `goto ${onError.goto}` : (onError ?? 'raise');
  });

  protected rename(to: string): void {
    const from = this.node().id;
    if (this.session.edit('designer.edit.rename', (document) => renameNode(document, from, to))) this.session.choose([to]);
  }

  /** Writes a key of the node; undefined takes it away. */
  protected set(key: string, value: Json | undefined): void {
    const { id } = this.node();
    this.session.edit(
      `designer.edit.change`,
      (document) =>
        changeNode(document, id, (node) => {
          const { [key]: _before, ...others } = node as unknown as Record<string, Json>;
          return (value === undefined ? others : { ...node, [key]: value }) as unknown as NodeDocument;
        }),
      true,
    );
  }

  protected setInput([name, value]: readonly [string, Json | undefined]): void {
    const { [name]: _before, ...others } = this.inputs();
    const inputs = value === undefined ? others : { ...this.inputs(), [name]: value };
    this.set('with', Object.keys(inputs).length === 0 ? undefined : inputs);
  }

  protected setOnError(choice: string): void {
    this.set('onError', choice === 'raise' ? undefined : choice.startsWith('goto ') ? { goto: choice.slice('goto '.length) } : choice);
  }

  protected setUses(version: string): void {
    const name = this.manifest()?.name ?? '';
    this.set('uses', version === '' ? name : `${name}@${version}`);
  }

  protected bind(variable: string, expression: string): void {
    this.set('set', { ...this.node().set, [variable]: expression });
  }

  protected unbind(variable: string): void {
    const { [variable]: _before, ...others } = this.node().set ?? {};
    this.set('set', Object.keys(others).length === 0 && this.node().type !== 'assign' ? undefined : others);
  }

  /** Binds the first variable that is free, to the whole result. */
  protected addBinding(expression = '${{ result }}'): void {
    const free = this.variables().find((name) => !(name in (this.node().set ?? {})));
    if (free !== undefined) this.bind(free, expression);
  }

  protected rebind(from: string, to: string): void {
    this.set('set', Object.fromEntries(this.bindings().map(([name, value]) => [name === from ? to : name, value])));
  }

  protected shown(value: Json | undefined): string {
    return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  }
}

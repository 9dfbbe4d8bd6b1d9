import { ChangeDetectionStrategy, Component, computed, inject, input, output, resource } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Json, JsonObject, ProcessSummary } from '@orderlines/contracts';
import { DEFAULT_NAMESPACE, type NodeDocument, type ParamDocument, type ProcessDocument } from '@orderlines/process-engine';
import { Api } from '@orderlines/console/api';
import { fieldsOfParams } from '../form/schema-fields.js';
import { ValueForm } from '../form/value-form.js';
import { DesignerSession } from '../session/designer-session.js';

type ChildNode = Extract<NodeDocument, { type: 'process' }>;

/** Most processes that the selector offers at once; typing narrows them. */
const OFFERED = 50;

/** A sub-process: which one, in which version, and its params as a form. */
@Component({
  selector: 'ol-child-panel',
  imports: [TranslocoPipe, ValueForm],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="field">
      <label for="child-process">{{ 'designer.key.process' | transloco }}</label>
      <input
        class="input"
        id="child-process"
        list="child-processes"
        [value]="node().process"
        (change)="changed.emit(['process', name.value])"
        #name
      />
      <datalist id="child-processes">
        @for (process of processes.value() ?? []; track process.id) {
          <option [value]="nameOf(process)"></option>
        }
      </datalist>
    </div>
    <div class="field">
      <label for="child-version">{{ 'designer.key.version' | transloco }}</label>
      <input class="input" id="child-version" [value]="node().version ?? 'latest'" (change)="setVersion(version.value)" #version />
    </div>
    <label class="check">
      <input type="checkbox" [checked]="node().wait ?? true" (change)="changed.emit(['wait', wait.checked ? undefined : false])" #wait />
      {{ 'designer.key.wait' | transloco }}
    </label>
    <ol-value-form name="child" [fields]="fields()" [values]="inputs()" (changed)="setInput($event)" />
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 12px;
    }
  `,
})
export class ChildPanel {
  private readonly api = inject(Api);
  private readonly session = inject(DesignerSession);
  readonly node = input.required<ChildNode>();
  readonly changed = output<readonly [key: string, value: Json | undefined]>();

  private readonly namespace = computed(() => this.session.document().namespace ?? DEFAULT_NAMESPACE);
  protected readonly processes = resource({
    params: () => this.node().process.split('/').at(-1) ?? '',
    loader: async ({ abortSignal }) => (await this.api.call('GET processes', { query: { limit: OFFERED }, signal: abortSignal })).items,
  });
  private readonly child = resource({
    params: () => this.processes.value()?.find((process) => this.nameOf(process) === this.node().process)?.id,
    loader: async ({ params: id, abortSignal }) =>
      (await this.api.call('GET processes/:id', { id, signal: abortSignal })).document as unknown as ProcessDocument | null,
  });
  protected readonly inputs = computed(() => (this.node().inputs ?? {}) as JsonObject);
  /** The child's params, and what is given beside them. */
  protected readonly fields = computed(() => {
    const params: readonly ParamDocument[] = (this.child.hasValue() ? this.child.value()?.params : undefined) ?? [];
    const others = Object.keys(this.inputs()).filter((name) => !params.some((param) => param.name === name));
    return fieldsOfParams([...params, ...others.map((name): ParamDocument => ({ name, type: 'string' }))]);
  });

  protected nameOf({ namespace, name }: ProcessSummary): string {
    return namespace === this.namespace() ? name : `${namespace}/${name}`;
  }

  protected setVersion(text: string): void {
    this.changed.emit(['version', text === '' || text === 'latest' ? undefined : /^\d+$/.test(text) ? Number(text) : text]);
  }

  protected setInput([name, value]: readonly [string, Json | undefined]): void {
    const { [name]: _before, ...others } = this.inputs();
    const inputs = value === undefined ? others : { ...this.inputs(), [name]: value };
    this.changed.emit(['inputs', Object.keys(inputs).length === 0 ? undefined : inputs]);
  }
}

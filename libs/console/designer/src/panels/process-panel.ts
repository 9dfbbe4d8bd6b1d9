import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Json, JsonObject } from '@orderlines/contracts';
import { DECLARED_TYPES, type ParamDocument, type ProcessDocument } from '@orderlines/process-engine';
import type { Field } from '../form/schema-fields.js';
import { ValueForm } from '../form/value-form.js';
import { changeFlow, flowKey } from '../model/flows.js';
import { freshId } from '../model/names.js';
import { renameValue } from '../model/rename.js';
import { DesignerSession } from '../session/designer-session.js';
import { JsonInput } from './json-input.js';
import { LabelsPipe } from './labels.pipe.js';

const field = (name: string, kind: Field['kind'], choices: readonly string[] = []): Field => ({
  name,
  label: name,
  hint: '',
  kind,
  required: false,
  choices,
});

const FIELDS: readonly Field[] = [
  field('description', 'long'),
  field('timeout', 'text'),
  field('queue', 'text'),
  field('workspace', 'choice', ['run']),
  field('onError', 'choice', ['raise', 'ignore']),
  field('maxVisits', 'number'),
];

/** The process itself: its params, its setup and teardown, and how it runs. */
@Component({
  selector: 'ol-process-panel',
  imports: [JsonInput, LabelsPipe, TranslocoPipe, ValueForm],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ol-value-form name="process" [fields]="fields | olLabels" [values]="asObject()" (changed)="set($event[0], $event[1])" />
    <h3>{{ 'designer.params' | transloco }}</h3>
    @for (param of params(); track $index; let index = $index) {
      <fieldset>
        <div class="row">
          <input
            class="input"
            [value]="param.name"
            [attr.aria-label]="'designer.key.name' | transloco"
            (change)="rename(param.name, name.value)"
            #name
          />
          <select
            class="select"
            [attr.aria-label]="'designer.key.type' | transloco"
            (change)="change(index, { type: types[type.selectedIndex] })"
            #type
          >
            @for (one of types; track one) {
              <option [selected]="one === param.type">{{ one }}</option>
            }
          </select>
          <button class="button quiet small" type="button" (click)="remove(index)">{{ 'designer.delete' | transloco }}</button>
        </div>
        <div class="row">
          <label class="check">
            <input
              type="checkbox"
              [checked]="param.required ?? false"
              (change)="change(index, { required: required.checked || undefined })"
              #required
            />
            {{ 'designer.key.required' | transloco }}
          </label>
          <input
            class="input"
            [value]="shown(param.default)"
            [placeholder]="'designer.key.default' | transloco"
            [attr.aria-label]="'designer.key.default' | transloco"
            (change)="change(index, { default: read(preset.value) })"
            #preset
          />
        </div>
      </fieldset>
    }
    <button class="button" type="button" data-test="add-param" (click)="add()">{{ 'designer.addParam' | transloco }}</button>
    @for (section of sections; track section) {
      @if (!has(section)) {
        <button class="button" type="button" (click)="begin(section)">{{ 'designer.addSection.' + section | transloco }}</button>
      }
    }
    @for (key of structured; track key) {
      <div class="field">
        <label [for]="'process-' + key">{{ 'designer.key.' + key | transloco }}</label>
        <ol-json-input [fieldId]="'process-' + key" [value]="asObject()[key]" (changed)="set(key, $event)" />
      </div>
    }
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
    .row .input,
    .row .select {
      flex: 1;
      width: auto;
      min-width: 90px;
    }
  `,
})
export class ProcessPanel {
  private readonly session = inject(DesignerSession);
  protected readonly fields = FIELDS;
  protected readonly types = DECLARED_TYPES;
  protected readonly sections = ['setup', 'teardown'] as const;
  protected readonly structured = ['concurrency', 'callbacks', 'outputs', 'labels'] as const;
  protected readonly asObject = computed(() => this.session.document() as unknown as JsonObject);
  protected readonly params = computed(() => this.session.document().params ?? []);

  protected has(section: 'setup' | 'teardown'): boolean {
    return this.session.document()[section] !== undefined;
  }

  protected begin(section: 'setup' | 'teardown'): void {
    this.session.edit('designer.edit.change', (document) => changeFlow(document, flowKey('', section), (nodes) => nodes));
  }

  protected set(key: string, value: Json | undefined): void {
    this.session.edit(
      'designer.edit.process',
      (document) => {
        const { [key]: _before, ...others } = document as unknown as Record<string, Json>;
        return (value === undefined ? others : { ...document, [key]: value }) as unknown as ProcessDocument;
      },
      true,
    );
  }

  private write(params: readonly ParamDocument[]): void {
    this.set('params', params.length === 0 ? undefined : (params as unknown as Json));
  }

  protected change(index: number, changed: Partial<ParamDocument>): void {
    const written = this.params().map((param, at) => (at === index ? { ...param, ...changed } : param));
    this.write(
      written.map((param) => Object.fromEntries(Object.entries(param).filter(([, value]) => value !== undefined)) as ParamDocument),
    );
  }

  protected rename(from: string, to: string): void {
    this.session.edit('designer.edit.rename', (document) => renameValue(document, 'params', from, to));
  }

  protected add(): void {
    this.write([...this.params(), { name: freshId('param', new Set(this.params().map(({ name }) => name))), type: 'string' }]);
  }

  protected remove(index: number): void {
    this.write(this.params().toSpliced(index, 1));
  }

  protected shown(value: Json | undefined): string {
    return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  }

  protected read(text: string): Json | undefined {
    if (text === '') return undefined;
    try {
      return JSON.parse(text) as Json;
    } catch {
      return text;
    }
  }
}

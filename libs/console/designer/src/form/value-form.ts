import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Json, JsonObject } from '@orderlines/contracts';
import { SecretNames } from '../session/secret-names.js';
import { CodeInput } from './code-input.js';
import { ExpressionInput } from './expression-input.js';
import { MapInput } from './map-input.js';
import { isExpression, secretIn, textOf, valueOf, type Field } from './schema-fields.js';

/** A form for a map of values, made from what is known of them. Every value may be an expression instead. */
@Component({
  selector: 'ol-value-form',
  imports: [CodeInput, ExpressionInput, MapInput, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (field of fields(); track field.name) {
      @let id = name() + '-' + field.name;
      @let value = values()[field.name];
      <div class="field">
        <div class="head">
          <label [for]="id">
            {{ field.label }}
            @if (field.required) {
              <span class="required" aria-hidden="true">*</span>
            }
          </label>
          @if (expressions() && (field.kind === 'switch' || field.kind === 'choice' || field.kind === 'number')) {
            <button
              type="button"
              class="button quiet small"
              [attr.aria-pressed]="written(value)"
              [title]="'designer.asExpression' | transloco"
              (click)="change(field, written(value) ? undefined : start)"
            >
              ƒx
            </button>
          }
        </div>
        @if (field.kind === 'code' && expressions()) {
          <ol-code-input
            [fieldId]="id"
            [label]="field.label"
            [language]="languageOf(field)"
            [value]="text(field, value)"
            (changed)="change(field, $event)"
          />
        } @else if (field.kind === 'secret' && expressions() && (value === undefined || secretIn(value))) {
          <select class="select" [id]="id" (change)="chooseSecret(field, secret.value)" #secret>
            <option value="" [selected]="value === undefined">{{ 'designer.noSecret' | transloco }}</option>
            @for (name of secretsWith(secretIn(value)); track name) {
              <option [value]="name" [selected]="name === secretIn(value)">{{ name }}</option>
            }
          </select>
        } @else if (written(value)) {
          <ol-expression-input [fieldId]="id" [value]="written(value)!" (changed)="change(field, $event)" />
        } @else {
          @switch (field.kind) {
            @case ('switch') {
              <label class="check">
                <input
                  type="checkbox"
                  [id]="id"
                  [checked]="value ?? field.preset ?? false"
                  (change)="changed.emit([field.name, box.checked])"
                  #box
                />
                <span class="soft">{{ field.hint }}</span>
              </label>
            }
            @case ('choice') {
              <select class="select" [id]="id" (change)="pick(field, select.selectedIndex)" #select>
                <option [selected]="value === undefined">{{ field.preset === undefined ? '' : '(' + field.preset + ')' }}</option>
                @for (choice of field.choices; track $index) {
                  <option [selected]="value === choice">{{ choice }}</option>
                }
              </select>
            }
            @case ('number') {
              <input
                class="input"
                type="number"
                [id]="id"
                [value]="text(field, value)"
                [placeholder]="field.preset ?? ''"
                (input)="change(field, number.value)"
                #number
              />
            }
            @case ('map') {
              @if (expressions() && isMap(value)) {
                <ol-map-input
                  [fieldId]="id"
                  [label]="field.label"
                  [value]="value ?? nothing"
                  (changed)="changed.emit([field.name, $event])"
                />
              } @else {
                <textarea
                  class="textarea plain"
                  [id]="id"
                  rows="4"
                  [value]="text(field, value)"
                  (input)="change(field, json.value)"
                  #json
                ></textarea>
              }
            }
            @case ('date') {
              <input class="input" type="date" [id]="id" [value]="text(field, value)" (input)="change(field, date.value)" #date />
            }
            @default {
              @if (expressions()) {
                <ol-expression-input
                  [fieldId]="id"
                  [value]="text(field, value)"
                  [rows]="field.kind === 'text' ? 1 : 4"
                  [code]="field.kind !== 'text' && field.kind !== 'long'"
                  [placeholder]="text(field, field.preset)"
                  (changed)="change(field, $event)"
                />
              } @else {
                <textarea
                  class="textarea plain"
                  [id]="id"
                  [rows]="field.kind === 'text' ? 1 : 4"
                  [value]="text(field, value)"
                  [placeholder]="text(field, field.preset)"
                  (input)="change(field, area.value)"
                  #area
                ></textarea>
              }
            }
          }
        }
        @if (field.hint && field.kind !== 'switch') {
          <span class="hint">{{ field.hint }}</span>
        }
        @if (field.kind === 'list') {
          <span class="hint">{{ 'designer.onePerLine' | transloco }}</span>
        }
      </div>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 12px;
    }
    .head {
      display: flex;
      justify-content: space-between;
    }
    .head label {
      font-weight: 500;
    }
    .required {
      color: var(--danger);
    }
    .plain {
      min-height: 32px;
    }
    .plain[rows='1'] {
      resize: none;
    }
  `,
})
export class ValueForm {
  /** Tells the fields of several forms apart. */
  readonly name = input.required<string>();
  readonly fields = input.required<readonly Field[]>();
  readonly values = input.required<JsonObject>();
  /** False: what is typed is what it is, as when a run is started. */
  readonly expressions = input(true);
  readonly changed = output<readonly [name: string, value: Json | undefined]>();

  private readonly secrets = inject(SecretNames);
  protected readonly start = '${{  }}';
  protected readonly nothing: JsonObject = {};
  protected readonly secretIn = secretIn;

  /** What a field of code is written in: as its schema says, or as another field of the form is set. */
  protected languageOf({ language }: Field): string {
    const set = this.values()['language'] ?? this.fields().find(({ name }) => name === 'language')?.preset;
    return language === undefined || language === 'code' ? (typeof set === 'string' ? set : 'shell') : language;
  }

  protected isMap(value: Json | undefined): value is JsonObject | undefined {
    return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value));
  }

  /** Secrets to choose from, with the one that is written already. */
  protected secretsWith(written: string | undefined): readonly string[] {
    const names = this.secrets.names();
    return written === undefined || names.includes(written) ? names : [written, ...names];
  }

  protected chooseSecret({ name }: Field, secret: string): void {
    this.changed.emit([name, secret === '' ? undefined : '${{ secrets.' + secret + ' }}']);
  }

  protected written(value: Json | undefined): string | undefined {
    return this.expressions() && isExpression(value) ? value : undefined;
  }

  protected text({ kind }: Field, value: Json | undefined): string {
    return textOf(kind, value);
  }

  protected change({ name, kind }: Field, text: string | undefined): void {
    this.changed.emit([name, text === undefined ? undefined : valueOf(kind, text)]);
  }

  protected pick({ name, choices }: Field, index: number): void {
    this.changed.emit([name, index === 0 ? undefined : choices[index - 1]]);
  }
}

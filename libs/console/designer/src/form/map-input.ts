import { ChangeDetectionStrategy, Component, input, linkedSignal, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { JsonObject } from '@orderlines/contracts';
import { isSame } from '../model/merge.js';
import { ExpressionInput } from './expression-input.js';
import { mapOf, rowsOf, type MapRow } from './map-rows.js';

/** Keys and values, a row each; every value may be an expression. */
@Component({
  selector: 'ol-map-input',
  imports: [ExpressionInput, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (row of rows(); track $index; let index = $index) {
      <div class="pair">
        <input
          class="input mono"
          [value]="row.key"
          [placeholder]="'designer.mapKey' | transloco"
          [attr.aria-label]="label() + ': ' + ('designer.mapKey' | transloco)"
          (change)="change(index, { key: key.value })"
          #key
        />
        <ol-expression-input
          [fieldId]="fieldId() + '-' + index"
          [label]="label() + ': ' + (row.key || ('designer.mapValue' | transloco))"
          [value]="row.text"
          (changed)="change(index, { text: $event })"
        />
        <button
          type="button"
          class="button quiet small icon"
          [attr.aria-label]="('designer.delete' | transloco) + ': ' + row.key"
          (click)="write(rows().toSpliced(index, 1))"
        >
          ×
        </button>
      </div>
    }
    <button type="button" class="button small" [id]="fieldId()" (click)="begin()">
      {{ 'designer.addRow' | transloco }}
    </button>
  `,
  styles: `
    .pair {
      display: grid;
      grid-template-columns: 2fr 3fr auto;
      align-items: start;
      gap: 6px;
      margin-bottom: 6px;
    }
    .mono {
      height: 34px;
      font-family: var(--mono);
    }
  `,
})
export class MapInput {
  readonly fieldId = input.required<string>();
  readonly label = input('');
  readonly value = input<JsonObject>({});
  readonly changed = output<JsonObject | undefined>();

  /** Rows that say the value; a row that is still without a key outlives what is written meanwhile. */
  protected readonly rows = linkedSignal<JsonObject, readonly MapRow[]>({
    source: this.value,
    computation: (value, before) => (before !== undefined && isSame(mapOf(before.value), value) ? before.value : rowsOf(value)),
  });

  protected begin(): void {
    this.rows.update((rows) => [...rows, { key: '', text: '' }]);
  }

  protected change(index: number, changed: Partial<MapRow>): void {
    const row = this.rows()[index];
    if (row !== undefined) this.write(this.rows().with(index, { ...row, ...changed }));
  }

  protected write(rows: readonly MapRow[]): void {
    this.rows.set(rows);
    const map = mapOf(rows);
    this.changed.emit(Object.keys(map).length === 0 ? undefined : map);
  }
}

import { Directive, inject, input, TemplateRef } from '@angular/core';

/** Draws the cells of a column: `<ng-template olCell="status" let-row>`. */
@Directive({ selector: 'ng-template[olCell]' })
export class ListCell {
  readonly column = input.required<string>({ alias: 'olCell' });
  readonly template = inject<TemplateRef<{ $implicit: never }>>(TemplateRef);
}

/** Draws what can be done to a row, at its end. */
@Directive({ selector: 'ng-template[olRowActions]' })
export class ListRowActions {
  readonly template = inject<TemplateRef<{ $implicit: never }>>(TemplateRef);
}

/** Draws what can be done to the rows that are chosen; without it none can be. */
@Directive({ selector: 'ng-template[olBatch]' })
export class ListBatch {
  readonly template = inject<TemplateRef<{ $implicit: never }>>(TemplateRef);
}

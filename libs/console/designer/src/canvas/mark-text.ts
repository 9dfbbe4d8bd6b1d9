import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  inject,
  Injector,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { FFlowModule } from '@foblex/flow';
import { TranslocoPipe } from '@jsverse/transloco';

/** The words of a note or frame: a double click or Enter opens them for writing, and a button takes the whole of it away. */
@Component({
  selector: 'ol-mark-text',
  imports: [FFlowModule, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (isWriting()) {
      <textarea
        #field
        fDragBlocker
        [value]="text()"
        [attr.aria-label]="'designer.markText' | transloco"
        (blur)="written(field.value)"
        (keydown.escape)="isWriting.set(false)"
      ></textarea>
    } @else {
      <span
        class="text"
        [attr.role]="editable() ? 'button' : null"
        [attr.tabindex]="editable() ? 0 : null"
        [title]="editable() ? ('designer.markText' | transloco) : ''"
        (dblclick)="write()"
        (keydown.enter)="write(); $event.preventDefault()"
        >{{ text() }}</span
      >
      @if (editable()) {
        <button
          type="button"
          class="button quiet small icon remove"
          fDragBlocker
          [attr.aria-label]="('designer.delete' | transloco) + ': ' + text()"
          (click)="removed.emit()"
        >
          ×
        </button>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      align-items: flex-start;
      gap: 4px;
      height: 100%;
    }
    .text {
      flex: 1;
      min-width: 0;
      overflow-wrap: anywhere;
      white-space: pre-wrap;
    }
    textarea {
      flex: 1;
      box-sizing: border-box;
      min-width: 0;
      min-height: 60px;
      height: 100%;
      padding: 0;
      border: 0;
      background: transparent;
      color: inherit;
      font: inherit;
      resize: none;
      outline: none;
    }
    .remove {
      flex: none;
      opacity: 0;
    }
    :host(:hover) .remove,
    .remove:focus-visible {
      opacity: 1;
    }
  `,
})
export class MarkText {
  private readonly injector = inject(Injector);
  private readonly field = viewChild<ElementRef<HTMLTextAreaElement>>('field');

  readonly text = input.required<string>();
  readonly editable = input(true);
  readonly changed = output<string>();
  readonly removed = output();
  protected readonly isWriting = signal(false);

  protected write(): void {
    if (!this.editable()) return;
    this.isWriting.set(true);
    afterNextRender(() => this.field()?.nativeElement.select(), { injector: this.injector });
  }

  protected written(text: string): void {
    this.isWriting.set(false);
    if (text !== this.text()) this.changed.emit(text);
  }
}

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { SecondFactorBegun } from '@orderlines/contracts';
import { Api, toProblem } from '@orderlines/console/api';
import { reading, Toasts } from '@orderlines/console/ui';
import { create } from 'qrcode';

/** White cells around a QR code; readers want four. */
const QUIET_ZONE = 4;

/** A second factor of one's own: set up by a QR code, renewed and removed with the password. */
@Component({
  selector: 'ol-second-factor',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './second-factor.html',
  styles: `
    svg {
      width: 200px;
      height: 200px;
      border-radius: 8px;
      background: #fff;
    }
    .codes {
      columns: 2;
    }
    .button {
      align-self: flex-start;
    }
  `,
})
export class SecondFactor {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  protected readonly state = reading({ loader: ({ abortSignal: signal }) => this.api.call('GET me/second-factor', { signal }) });
  protected readonly begun = signal<SecondFactorBegun | undefined>(undefined);
  /** Recovery codes, shown this once. */
  protected readonly codes = signal<readonly string[]>([]);
  protected readonly problem = signal('');
  protected readonly drawing = computed(() => {
    const begun = this.begun();
    return begun && drawCode(begun.uri);
  });

  protected begin(password: string): Promise<void> {
    return this.attempt(async () => this.begun.set(await this.api.call('POST me/second-factor', { body: { password } })));
  }

  protected confirm(code: string): Promise<void> {
    return this.attempt(async () => {
      this.codes.set((await this.api.call('POST me/second-factor/confirmation', { body: { code: code.trim() } })).codes);
      this.begun.set(undefined);
      this.toasts.done('secondFactor.begun');
    });
  }

  protected renewCodes(password: string): Promise<void> {
    return this.attempt(async () =>
      this.codes.set((await this.api.call('POST me/second-factor/recovery-codes', { body: { password } })).codes),
    );
  }

  protected remove(password: string): Promise<void> {
    return this.attempt(async () => {
      await this.api.call('POST me/second-factor/removal', { body: { password } });
      this.codes.set([]);
      this.toasts.done('secondFactor.removed');
    });
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    this.problem.set('');
    try {
      await work();
      this.state.reload();
    } catch (error) {
      this.problem.set(toProblem(error).message);
    }
  }
}

/** A QR code as a path of unit squares: nothing has to be trusted as markup. */
const drawCode = (text: string): { readonly path: string; readonly viewBox: string } => {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const cells = [...data.keys()].filter((index) => data[index]);
  const whole = size + 2 * QUIET_ZONE;
  return {
    path: cells.map((index) => `M${QUIET_ZONE + (index % size)} ${QUIET_ZONE + Math.floor(index / size)}h1v1h-1z`).join(''),
    viewBox: `0 0 ${whole} ${whole}`,
  };
};

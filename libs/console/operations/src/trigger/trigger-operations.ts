import { inject, Injectable } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import type { TriggerView, TriggerWithAddress } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { Dialogs, Toasts } from '@orderlines/console/ui';
import { NoteDialog, type NoteQuestion } from '../note/note-dialog.js';
import { AddressDialog } from './address-dialog.js';
import { TriggerDialog, type TriggerDialogData } from './trigger-dialog.js';
import { TryDialog } from './try-dialog.js';

/** What can be done to a trigger, from its list and its page; each tells whether it was done. */
@Injectable({ providedIn: 'root' })
export class TriggerOperations {
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);

  /** Makes or changes a trigger; gives it when it was stored, after its address was shown where it got one. */
  async write(data: TriggerDialogData): Promise<TriggerView | undefined> {
    const saved = await this.dialogs.open<TriggerWithAddress, TriggerDialogData>(TriggerDialog, data);
    if (saved) await this.show(saved);
    return saved;
  }

  /** Shows what the trigger would make of an event. */
  async try(trigger: TriggerView): Promise<void> {
    await this.dialogs.open<void, TriggerView>(TryDialog, trigger);
  }

  /** Asks, gives the webhook another address, and shows it. */
  async rotate({ id, name }: TriggerView): Promise<boolean> {
    const isMeant = await this.dialogs.confirm({ ...this.question('rotate', name), dangerous: true });
    if (!isMeant) return false;
    return this.toasts.tell(async () => this.show(await this.api.call('POST triggers/:id/rotate', { id, body: {} })), 'triggers.rotated', {
      name,
    });
  }

  /** Asks why, and hears nothing until it is enabled. */
  async disable({ id, name }: TriggerView): Promise<boolean> {
    const note = await this.dialogs.open<string, NoteQuestion>(NoteDialog, this.question('disable', name));
    if (note === undefined) return false;
    return this.toasts.tell(() => this.api.call('POST triggers/:id/disable', { id, body: { note } }), 'triggers.disabled', { name });
  }

  enable({ id, name }: TriggerView): Promise<boolean> {
    return this.toasts.tell(() => this.api.call('POST triggers/:id/enable', { id, body: {} }), 'triggers.enabled', { name });
  }

  async remove({ id, name }: TriggerView): Promise<boolean> {
    if (!(await this.dialogs.confirm({ ...this.question('remove', name), dangerous: true }))) return false;
    return this.toasts.tell(() => this.api.call('DELETE triggers/:id', { id }), 'triggers.removed', { name });
  }

  private async show({ path }: TriggerWithAddress): Promise<void> {
    if (path !== null) await this.dialogs.open<void, string>(AddressDialog, `${location.origin}${path}`);
  }

  private question(deed: 'rotate' | 'disable' | 'remove', name: string): NoteQuestion {
    return {
      title: this.transloco.translate<string>(`triggers.${deed}Title`, { name }),
      consequence: this.transloco.translate<string>(`triggers.${deed}Consequence`),
      deed: this.transloco.translate<string>(`triggers.${deed}`),
    };
  }
}

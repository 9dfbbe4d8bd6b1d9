import { computed, inject, Injectable, signal } from '@angular/core';
import { Api, Session } from '@orderlines/console/api';
import { DEFAULT_NAMESPACE } from '@orderlines/process-engine';
import { DesignerSession } from './designer-session.js';

/** Names of the secrets that a process can read: those of its namespace and those of all. Who may not see them is offered none. */
@Injectable()
export class SecretNames {
  private readonly api = inject(Api);
  private readonly rights = inject(Session);
  private readonly session = inject(DesignerSession);
  private readonly known = signal<readonly { readonly namespace: string; readonly name: string }[]>([]);

  readonly names = computed(() => {
    const { namespace: own = DEFAULT_NAMESPACE } = this.session.document();
    return [...new Set(this.known().flatMap(({ namespace, name }) => (namespace === '' || namespace === own ? [name] : [])))].sort();
  });

  async load(): Promise<void> {
    if (this.rights.may('read', 'Secret')) this.known.set(await this.api.call('GET secrets'));
  }
}

import { computed, inject, type Signal } from '@angular/core';
import { Api } from '@orderlines/console/api';
import { reading } from '@orderlines/console/ui';
import type { ProcessDocument } from '@orderlines/process-engine';

/** Names that are offered while somebody writes which process is meant. */
const OFFERED = 50;

/** A process that is named in a form. */
export interface WantedProcess {
  readonly offered: Signal<readonly string[]>;
  /** Params of the one that is named; undefined while there is none of that name, as while it is being written. */
  readonly params: Signal<NonNullable<ProcessDocument['params']> | undefined>;
}

/** Follows which process a form names, `namespace/name` with or without `@version`; within an injection context. */
export const wantedProcess = (named: Signal<string>): WantedProcess => {
  const api = inject(Api);
  const first = reading({ loader: ({ abortSignal: signal }) => api.call('GET processes', { query: { limit: OFFERED }, signal }) });
  const process = reading({
    params: () => named().trim().replace(/@\d+$/, '') || undefined,
    loader: ({ params: id, abortSignal: signal }) => api.call('GET processes/:id', { id, signal }),
  });
  return {
    offered: computed(() => (first.value()?.items ?? []).map(({ namespace, name }) => `${namespace}/${name}`)),
    params: computed(() => {
      const found = process.value();
      return found && ((found.document as ProcessDocument | null)?.params ?? []);
    }),
  };
};

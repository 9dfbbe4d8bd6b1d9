import { Injectable } from '@angular/core';
import { z } from 'zod';

const kept = z.object({ text: z.string(), base: z.string(), etag: z.string().nullable() });

/** Work that was not saved yet: what stands in the editor, and what it began from. */
export type KeptWork = z.infer<typeof kept>;

const keyOf = (process: string): string => `orderlines.designer.${process}`;

/** Keeps unsaved work of this tab over a reload; two tabs never write over each other. */
@Injectable({ providedIn: 'root' })
export class UnsavedWork {
  read(process: string): KeptWork | undefined {
    try {
      const read = kept.safeParse(JSON.parse(sessionStorage.getItem(keyOf(process)) ?? 'null'));
      return read.success ? read.data : undefined;
    } catch {
      return undefined;
    }
  }

  keep(process: string, work: KeptWork): void {
    try {
      sessionStorage.setItem(keyOf(process), JSON.stringify(work));
    } catch {
      // A definition beyond the browser's room is not kept; saving the draft still is.
    }
  }

  forget(process: string): void {
    sessionStorage.removeItem(keyOf(process));
  }
}

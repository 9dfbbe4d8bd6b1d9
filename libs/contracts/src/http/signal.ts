import { z } from 'zod';
import { AnyJson } from '../json.js';

/** Longest name or correlation key of a signal, characters. */
export const MAX_SIGNAL_TEXT = 200;

/** Body of `POST signals`. */
export const SignalBody = z
  .strictObject({
    /** That of the processes whose runs may wait for it. */
    namespace: z.string().min(1).max(64).default('default'),
    name: z.string().min(1).max(MAX_SIGNAL_TEXT),
    /** Correlation key; the wait has the same. */
    key: z.string().max(MAX_SIGNAL_TEXT).default(''),
    /** What the wait gives as its result; 256 KiB at most. */
    payload: AnyJson.default({}),
  })
  .meta({ id: 'Signal' });
/** Body of `POST signals`. */
export type SignalBody = z.infer<typeof SignalBody>;

/** A signal that was stored. */
export const SignalSent = z
  .object({
    id: z.uuid(),
    /** The wait it is for; both null: it is kept, for a day, for one to come. */
    instanceId: z.uuid().nullable(),
    taskId: z.uuid().nullable(),
  })
  .meta({ id: 'SignalSent' });
/** A signal that was stored. */
export type SignalSent = z.infer<typeof SignalSent>;

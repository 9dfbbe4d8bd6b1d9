import { z } from 'zod';
import type { Json } from './json.js';

/** Bytes of JSON that travel inside a message and lie in a row; what is larger goes by reference. */
export const INLINE_LIMIT_BYTES = 256 * 1024;
/** Bytes of the largest value or file, which goes by reference. */
export const VALUE_LIMIT_BYTES = 64 * 1024 * 1024;
/** Bytes of a piece in which large values travel and are stored; the last one may be shorter. */
export const VALUE_CHUNK_BYTES = 256 * 1024;

const DIGEST = /^[0-9a-f]{64}$/;
const REFERENCE = /^sha256:[0-9a-f]{64}$/;

/** SHA-256 of a content, hexadecimal: the name of a large value inside its run. */
export const ValueDigest = z.string().regex(DIGEST, 'must be a SHA-256, 64 hexadecimal digits');

/** Stands for a value that is too large to lie where it belongs: the run keeps its JSON text under this name. */
export const LargeValue = z
  .strictObject({
    /** `sha256:` and the digest of the JSON text. */
    $ref: z.string().regex(REFERENCE),
    /** Length of the JSON text in UTF-8. */
    bytes: z.int().nonnegative(),
  })
  .meta({ id: 'LargeValue', description: 'Stands for a value above 256 KiB; the whole of it is downloaded.' });
/** Stands for a value that is too large to lie where it belongs. */
export type LargeValue = z.infer<typeof LargeValue>;

/** A file that a task left as a result (`collect`); the run keeps its content under its digest. */
export const FileResult = z
  .strictObject({
    $file: z.strictObject({
      /** Path in the task's folder, with `/` on every system. */
      name: z.string().min(1).max(1_024),
      bytes: z.int().nonnegative(),
      sha256: ValueDigest,
    }),
  })
  .meta({ id: 'FileResult', description: 'A file that a task left as a result.' });
/** A file that a task left as a result. */
export type FileResult = z.infer<typeof FileResult>;

/** True for a {@link LargeValue}. A JSON Schema's own `$ref` never looks like one. */
export const isLargeValue = (value: unknown): value is LargeValue =>
  typeof value === 'object' && value !== null && '$ref' in value && LargeValue.safeParse(value).success;

/** True for a {@link FileResult}. */
export const isFileResult = (value: unknown): value is FileResult =>
  typeof value === 'object' && value !== null && '$file' in value && FileResult.safeParse(value).success;

/** The reference to a JSON text. */
export const largeValue = (sha256: string, bytes: number): LargeValue => ({ $ref: `sha256:${sha256}`, bytes });

/** Digest of the JSON text that a reference stands for. */
export const digestOf = ({ $ref }: LargeValue): string => $ref.slice('sha256:'.length);

/** Number of pieces of a content. */
export const chunksOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / VALUE_CHUNK_BYTES));

/** What a value refers to: large values and files inside it, in the order they stand there. */
export function* referencesIn(value: Json): Generator<LargeValue | FileResult, void, undefined> {
  if (typeof value !== 'object' || value === null) return;
  if (isLargeValue(value) || isFileResult(value)) yield value;
  else for (const member of Object.values(value)) yield* referencesIn(member);
}

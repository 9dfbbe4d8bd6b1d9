import { createHash } from 'node:crypto';
import {
  digestOf,
  INLINE_LIMIT_BYTES,
  isFileResult,
  isLargeValue,
  readableBytes,
  splitValue,
  VALUE_CHUNK_BYTES,
  VALUE_LIMIT_BYTES,
} from '@orderlines/contracts';
import type { FileResult, Json, LargeValue } from '@orderlines/contracts';
import { MessagingError, type ValueHolder, type ValueTransfer } from '@orderlines/messaging';
import { TaskFailure, type TaskOutcome } from '@orderlines/plugin-sdk';
import { collectFiles } from './collected-files.js';
import { layFile } from './laid-files.js';

/** What one attempt moves beside its messages: large inputs and files it begins with, large results and files it leaves. */
export class AttemptValues {
  private fetched = 0;

  constructor(
    private readonly transfer: ValueTransfer,
    private readonly holder: ValueHolder,
    private readonly folders: { readonly work: string },
  ) {}

  /** The value with everything in it that lies elsewhere: large values whole, files laid into the work folder and named by their path. */
  async open(value: Json): Promise<Json> {
    if (typeof value !== 'object' || value === null) return value;
    if (isLargeValue(value)) return this.open(await this.fetch(value));
    if (isFileResult(value)) return this.lay(value);
    if (Array.isArray(value)) return mapped(value, (item) => this.open(item));
    const names = Object.keys(value);
    const members = await mapped(Object.values(value), (member) => this.open(member));
    return Object.fromEntries(names.map((name, index) => [name, members[index] ?? null]));
  }

  /** The outcome as it fits into a message, everything else of it stored; files of the patterns are added to a success. */
  async sendAhead(outcome: TaskOutcome, collect: readonly string[]): Promise<TaskOutcome> {
    try {
      const collected = outcome.status === 'SUCCESS' && collect.length > 0 ? await this.collect(outcome.result, collect) : undefined;
      return await this.shrunk(collected === undefined ? outcome : { status: 'SUCCESS', result: collected });
    } catch (error) {
      return failed(error, 'result' in outcome ? await this.shrunk(outcome).catch(() => undefined) : undefined);
    }
  }

  private async shrunk(outcome: TaskOutcome): Promise<TaskOutcome> {
    if (!('result' in outcome) || outcome.result === undefined) return outcome;
    const { value, parts } = splitValue(outcome.result, INLINE_LIMIT_BYTES, sha256);
    for (const part of parts) {
      const data = Buffer.from(part.text);
      await this.transfer.send(this.holder, part, pieceOf(data));
    }
    return parts.length === 0 ? outcome : { ...outcome, result: value };
  }

  private async collect(result: Json, patterns: readonly string[]): Promise<Json> {
    if (typeof result !== 'object' || result === null || Array.isArray(result) || 'files' in result) {
      throw new TaskFailure('user', 'The result has a member `files` of its own, where collected files belong: name it differently', {
        code: 'collect.name-taken',
      });
    }
    return {
      ...result,
      files: await collectFiles(this.folders.work, patterns, (name, read) => this.transfer.send(this.holder, name, read)),
    };
  }

  private async fetch(value: LargeValue): Promise<Json> {
    this.fetched += value.bytes;
    if (this.fetched > VALUE_LIMIT_BYTES) {
      throw new TaskFailure(
        'user',
        `The inputs are larger than ${readableBytes(VALUE_LIMIT_BYTES)}: pass files, or let the task fetch its data`,
        {
          code: 'inputs.too-large',
        },
      );
    }
    const data = await this.transfer.fetch(this.holder, { sha256: digestOf(value), bytes: value.bytes });
    return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8')) as Json;
  }

  private async lay({ $file }: FileResult): Promise<string> {
    await layFile(this.folders.work, $file, (take) => this.transfer.receive(this.holder, $file, take));
    return $file.name;
  }
}

/** What went wrong before or after the task itself, as its outcome. */
export const failed = (error: unknown, kept?: TaskOutcome): TaskOutcome => {
  const result = kept !== undefined && 'result' in kept && kept.result !== undefined ? { result: kept.result } : {};
  if (error instanceof TaskFailure) {
    const { reason, message, code, detail } = error;
    return { status: 'FAILURE', failure: { reason, message, ...(code && { code }), ...(detail !== undefined && { detail }) }, ...result };
  }
  const code = error instanceof MessagingError && error.code === 'nats.missing' ? 'value.missing' : 'value.unreachable';
  const message = error instanceof Error ? error.message : String(error);
  return { status: 'FAILURE', failure: { reason: 'infra', message, code }, ...result };
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const pieceOf =
  (data: Buffer) =>
  (chunk: number): Buffer =>
    data.subarray(chunk * VALUE_CHUNK_BYTES, (chunk + 1) * VALUE_CHUNK_BYTES);

/** One after the other: a list of many large values must not be fetched all at once. */
const mapped = async (values: readonly Json[], make: (value: Json) => Promise<Json>): Promise<Json[]> => {
  const made: Json[] = [];
  for (const value of values) made.push(typeof value === 'object' && value !== null ? await make(value) : value);
  return made;
};

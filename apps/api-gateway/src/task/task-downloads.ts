import { digestOf, isFileResult, isLargeValue, maskedParts, referencesIn, type FileResult, type Json } from '@orderlines/contracts';
import { readMissingContents, readPieces, readTaskData, type StoredContent } from '@orderlines/persistence';
import type { Pool } from 'pg';
import { z } from 'zod';
import { requireId } from '../instance/instances.js';
import { notFound } from '../problems/request-refused.js';

/** What a client downloads. */
export interface Download {
  /** Null: known at the end only. */
  readonly bytes: number | null;
  /** Given once, piece by piece. */
  readonly content: AsyncIterable<string | Buffer>;
}

/** Inputs, results and files of executions of nodes, whole, however large they are. */
export class TaskDownloads {
  constructor(private readonly pool: Pool) {}

  /** The input or the result as JSON, with everything in it that lies elsewhere and without its secrets. */
  async json(id: string, taskId: string, part: 'input' | 'result'): Promise<Download> {
    const { instanceId, data } = await this.find(id, taskId);
    const value = data[part];
    await this.assertStored(
      instanceId,
      [...referencesIn(value)].flatMap((reference) =>
        isLargeValue(reference) ? [{ sha256: digestOf(reference), bytes: reference.bytes }] : [],
      ),
    );
    return { bytes: null, content: maskedParts(this.text(instanceId, value)) };
  }

  /** A file of the result by its name. */
  async file(id: string, taskId: string, name: string): Promise<Download> {
    const { instanceId, data } = await this.find(id, taskId);
    const file = [...referencesIn(data.result)].find(
      (reference): reference is FileResult => isFileResult(reference) && reference.$file.name === name,
    );
    if (file === undefined) throw notFound('file.not-found', `The result of this task has no file ${name}.`);
    await this.assertStored(instanceId, [file.$file]);
    return { bytes: file.$file.bytes, content: readPieces(this.pool, instanceId, file.$file) };
  }

  private async find(id: string, taskId: string) {
    const instanceId = requireId(id);
    const data = z.uuid().safeParse(taskId).success ? await readTaskData(this.pool, instanceId, taskId) : null;
    if (data === null) throw notFound('task.not-found', `The run ${id} has no execution ${taskId}.`);
    return { instanceId, data };
  }

  private async assertStored(instanceId: string, contents: readonly StoredContent[]): Promise<void> {
    const [missing] = await readMissingContents(this.pool, instanceId, contents);
    if (missing !== undefined) throw notFound('value.not-found', `The run does not keep the content ${missing.sha256} (any more).`);
  }

  private async *text(instanceId: string, value: Json): AsyncGenerator<string | Buffer, void, undefined> {
    if (isLargeValue(value)) yield* readPieces(this.pool, instanceId, { sha256: digestOf(value), bytes: value.bytes });
    else if (typeof value !== 'object' || value === null || referencesIn(value).next().done === true) yield JSON.stringify(value);
    else if (Array.isArray(value))
      yield* this.members(
        instanceId,
        '[',
        value.map((item) => ['', item] as const),
        ']',
      );
    else
      yield* this.members(
        instanceId,
        '{',
        Object.entries(value).map(([key, member]) => [`${JSON.stringify(key)}:`, member] as const),
        '}',
      );
  }

  private async *members(
    instanceId: string,
    opening: string,
    members: readonly (readonly [name: string, value: Json])[],
    closing: string,
  ): AsyncGenerator<string | Buffer, void, undefined> {
    yield opening;
    for (const [position, [name, value]] of members.entries()) {
      yield position === 0 ? name : `,${name}`;
      yield* this.text(instanceId, value);
    }
    yield closing;
  }
}

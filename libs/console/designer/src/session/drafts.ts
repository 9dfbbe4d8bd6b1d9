import { inject, Injectable } from '@angular/core';
import type { DraftView, SavedProcess } from '@orderlines/contracts';
import { Api, ApiProblem } from '@orderlines/console/api';

/** A text as the server has it. */
export interface StoredText {
  readonly content: string;
  /** Tag of the draft; null while there is none. */
  readonly etag: string | null;
  readonly updatedBy?: string;
}

/** A process as the editor opens it. */
export interface OpenedProcess extends StoredText {
  readonly namespace: string;
  readonly name: string;
  readonly latestVersion: number | null;
  /** Numbers of the versions that are there, the newest first. */
  readonly versions: readonly number[];
}

/** So many versions can be chosen; older ones are opened from the page of the process. */
const VERSIONS = 100;

/** Drafts of processes on the server. */
@Injectable()
export class Drafts {
  private readonly api = inject(Api);

  /** The draft of a process, else its latest version. */
  async open(id: string): Promise<OpenedProcess> {
    const [{ namespace, name, latestVersion, hasDraft }, { items }] = await Promise.all([
      this.api.call('GET processes/:id', { id }),
      this.api.call('GET processes/:id/versions', { id, query: { limit: VERSIONS } }),
    ]);
    const stored = hasDraft ? await this.read(id) : { content: await this.version(id, latestVersion ?? 1), etag: null };
    return { ...stored, namespace, name, latestVersion, versions: items.map(({ number }) => number) };
  }

  /** The text of a version as it was written. */
  async version(id: string, number: number): Promise<string> {
    return (await this.api.call('GET processes/:id/versions/:number', { id, number })).source;
  }

  async read(id: string): Promise<StoredText> {
    return stored(await this.api.fetch(`processes/${id}/draft`));
  }

  /** Saves over the draft that was read; undefined when somebody else has saved since. */
  async save(id: string, content: string, etag: string | null): Promise<StoredText | undefined> {
    const tag: Record<string, string> = etag === null ? { 'if-none-match': '*' } : { 'if-match': etag };
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...tag };
    try {
      return await stored(
        await this.api.fetch(`processes/${id}/draft`, { method: 'PUT', headers, body: JSON.stringify({ content, format: 'yaml' }) }),
      );
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 412) return undefined;
      throw error;
    }
  }

  /** A new process with a draft and no version. */
  async create(content: string): Promise<SavedProcess> {
    return this.api.call('POST processes', { body: { content, format: 'yaml', draft: true } });
  }

  async publish(id: string, etag: string | null): Promise<SavedProcess> {
    const headers = { 'idempotency-key': crypto.randomUUID(), ...(etag !== null && { 'if-match': etag }) };
    return (await (await this.api.fetch(`processes/${id}/draft/publish`, { method: 'POST', headers })).json()) as SavedProcess;
  }
}

async function stored(answer: Response): Promise<StoredText> {
  const { content, updatedBy } = (await answer.json()) as DraftView;
  return { content, updatedBy, etag: answer.headers.get('etag') };
}

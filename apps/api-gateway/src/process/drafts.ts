import type { DefinitionBody, DraftView, SavedProcess } from '@orderlines/contracts';
import { findDraft, saveDraft, type ProcessDraft } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { notFound } from '../problems/request-refused.js';
import type { Definitions } from './definitions.js';
import { requireProcess } from './process-reference.js';

/** A draft with the tag that changes with every save. */
export interface TaggedDraft {
  readonly draft: DraftView;
  readonly etag: string;
}

/** The one unpublished text that a process may have. */
export class Drafts {
  constructor(
    private readonly manager: EntityManager,
    private readonly definitions: Definitions,
  ) {}

  /** The draft of a process. */
  async get(reference: string): Promise<TaggedDraft> {
    return toTagged(await this.require(reference));
  }

  /** Saves the draft; `ifMatch` as in `SaveDraftRequest`. */
  async save(reference: string, body: DefinitionBody, actor: string, ifMatch: string | null | undefined): Promise<TaggedDraft> {
    const { id } = await requireProcess(this.manager, reference);
    const { problems, writtenFormat } = await this.definitions.read(body);
    const { draft } = await saveDraft(this.manager, {
      process: { id },
      source: body.content,
      sourceFormat: writtenFormat,
      problems,
      actor,
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
    return toTagged(draft);
  }

  /** Checks the draft and freezes it as the next version; refused when it has changed meanwhile, or since `ifMatch`. */
  async publish(reference: string, actor: string, ifMatch?: string): Promise<SavedProcess> {
    const draft = await this.require(reference);
    const format = draft.sourceFormat.endsWith('json') ? 'json' : 'yaml';
    const { read, request } = await this.definitions.toPublish({ content: draft.source, format }, actor);
    const { saved } = await this.definitions.publish(read, {
      ...request,
      draft: { processId: draft.processId, etag: ifMatch ?? draft.etag },
    });
    return saved;
  }

  private async require(reference: string): Promise<ProcessDraft> {
    const { id, namespace, name } = await requireProcess(this.manager, reference);
    const draft = await findDraft(this.manager, id);
    if (!draft) throw notFound('draft.missing', `${namespace}/${name} has no draft.`);
    return draft;
  }
}

const toTagged = ({ processId, source, sourceFormat, problems, etag, updatedBy, updatedAt }: ProcessDraft): TaggedDraft => ({
  draft: { processId, content: source, format: sourceFormat, problems, updatedBy, updatedAt: updatedAt.toISOString() },
  etag,
});

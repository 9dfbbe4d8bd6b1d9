import type { Principal } from '@orderlines/auth';
import type { DefinitionBody, DraftView, Problem, SavedProcess } from '@orderlines/contracts';
import { discardDraft, findDraft, saveDraft, type Process, type ProcessDraft } from '@orderlines/persistence';
import { DEFAULT_NAMESPACE, type ProcessDocument } from '@orderlines/process-engine';
import type { EntityManager } from 'typeorm';
import { notFound } from '../problems/request-refused.js';
import type { Definitions } from './definitions.js';
import { requireProcess } from './process-reference.js';
import { textOf } from './stored-text.js';

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
    const process = await requireProcess(this.manager, reference);
    const { id } = process;
    const { problems, writtenFormat, document } = await this.definitions.read(body);
    const { draft } = await saveDraft(this.manager, {
      process: { id },
      source: body.content,
      sourceFormat: writtenFormat,
      problems: [...problems, ...otherIdentity(process, document)],
      actor,
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
    return toTagged(draft);
  }

  /** Checks the draft and freezes it as the next version; refused when it has changed meanwhile, or since `ifMatch`. */
  async publish(reference: string, principal: Principal, ifMatch?: string): Promise<SavedProcess> {
    const draft = await this.require(reference);
    const { read, request } = await this.definitions.toPublish(textOf(draft), principal);
    const { saved } = await this.definitions.publish(read, {
      ...request,
      draft: { processId: draft.processId, etag: ifMatch ?? draft.etag },
    });
    return saved;
  }

  /** Throws the draft away. */
  async discard(reference: string): Promise<void> {
    const process = await requireProcess(this.manager, reference);
    if (!(await discardDraft(this.manager, process))) throw noDraft(process.namespace, process.name);
  }

  private async require(reference: string): Promise<ProcessDraft> {
    const { id, namespace, name } = await requireProcess(this.manager, reference);
    const draft = await findDraft(this.manager, id);
    if (!draft) throw noDraft(namespace, name);
    return draft;
  }
}

/** The refusal of a process without a draft. */
export const noDraft = (namespace: string, name: string) => notFound('draft.missing', `${namespace}/${name} has no draft.`);

/** What publishing would do to the process when the draft names it otherwise. */
const otherIdentity = ({ namespace, name }: Process, document: ProcessDocument | undefined): Problem[] => {
  if (document === undefined) return [];
  const found: Problem[] = [];
  const meant = document.namespace ?? DEFAULT_NAMESPACE;
  if (meant !== namespace) {
    const message = `this is the draft of \`${namespace}/${name}\`, which cannot move to the namespace \`${meant}\`; build it as a process of its own`;
    found.push({ code: 'definition.other-namespace', message, path: 'namespace', severity: 'error' });
  }
  if (document.name !== name) {
    const message = `publishing this draft gives the process \`${name}\` the name \`${document.name}\``;
    found.push({ code: 'definition.other-name', message, path: 'name', severity: 'warning' });
  }
  return found;
};

const toTagged = ({ processId, source, sourceFormat, problems, etag, updatedBy, updatedAt }: ProcessDraft): TaggedDraft => ({
  draft: { processId, content: source, format: sourceFormat, problems, updatedBy, updatedAt: updatedAt.toISOString() },
  etag,
});

import { actorOf, type ObjectRights, type Principal } from '@orderlines/auth';
import type { BuildProcessBody, DefinitionBody, JsonObject, Problem, SavedProcess, ValidationReport } from '@orderlines/contracts';
import { findProcess, publishVersion, saveDraft, type ProcessIdentity, type Published, type PublishRequest } from '@orderlines/persistence';
import { compile, DEFAULT_NAMESPACE, type CompiledProcess, type ProcessDocument } from '@orderlines/process-engine';
import type { EntityManager } from 'typeorm';
import type { Namespaces } from '../access/namespaces.js';
import { RequestRefused } from '../problems/request-refused.js';
import type { Secrets } from '../secret/secrets.js';
import type { TaskTypes } from '../worker/task-types.js';
import { calledProcesses } from './calls.js';
import type { DefinitionReaders, ReadingResult } from './definition-readers.js';

/** What building a process led to; `created` is false when nothing new was stored. */
export interface Built {
  readonly saved: SavedProcess;
  readonly created: boolean;
}

/** Checks definitions given as text, and makes drafts and versions of them. */
export class Definitions {
  constructor(
    private readonly manager: EntityManager,
    private readonly taskTypes: TaskTypes,
    private readonly readers: DefinitionReaders,
    private readonly secrets: Secrets,
    private readonly access: { readonly objects: ObjectRights; readonly namespaces: Namespaces },
  ) {}

  /** Everything that is wrong with a definition; nothing is stored. */
  async validate(body: DefinitionBody): Promise<ValidationReport> {
    const { problems, converted } = await this.read(body);
    return { valid: !hasErrors(problems), problems: [...problems], converted: [...converted] };
  }

  /** Stores a definition as the next version of its process, or as its draft; with `dry` it is only checked. */
  async build(body: BuildProcessBody, principal: Principal): Promise<Built> {
    const read = await this.read(body);
    if (body.draft) return this.keepAsDraft(read, body, principal);
    const document = requireCorrect(read);
    await this.requirePublishing(principal, document, compile(document));
    if (body.dry) return this.checkedOnly(read, document);
    return this.publish(read, this.publishing(read, document, body.content, actorOf(principal)));
  }

  /** What is to be published of a definition that has no errors and that the principal may publish; refused otherwise. */
  async toPublish(body: DefinitionBody, principal: Principal): Promise<{ read: ReadingResult; request: PublishRequest }> {
    const read = await this.read(body);
    const document = requireCorrect(read);
    await this.requirePublishing(principal, document, compile(document));
    return { read, request: this.publishing(read, document, body.content, actorOf(principal)) };
  }

  /** Publishes what was checked. */
  async publish(read: ReadingResult, request: PublishRequest): Promise<Built> {
    return toBuilt(await publishVersion(this.manager, request), read);
  }

  /** Reads a definition with the task types that are known now. */
  async read({ content, format }: DefinitionBody): Promise<ReadingResult> {
    const [taskTypes, secrets] = await Promise.all([this.taskTypes.catalogue(), this.secrets.names()]);
    return this.readers.read({ content, format, taskTypes, secrets });
  }

  /** A definition that can be read, whatever else is wrong with it; refused otherwise. */
  async readable(body: DefinitionBody): Promise<ReadingResult & { readonly document: ProcessDocument }> {
    const read = await this.read(body);
    const { document } = read;
    if (document === undefined) throw refusedDefinition(read.problems, 'The definition cannot be read');
    return { ...read, document };
  }

  /**
   * Runs that a process starts in another namespace are started for whoever publishes it: they may start them. Null: a definition with errors
   * cannot be compiled, and starts nothing.
   */
  async requirePublishing(principal: Principal, document: ProcessDocument, compiled: CompiledProcess | null): Promise<void> {
    const identity = identityOf(document);
    const { namespace } = identity;
    await this.requireRight(principal, 'publish', identity);
    const called = compiled === null ? [] : calledProcesses(compiled, namespace);
    for (const reference of called.filter((process) => !process.startsWith(`${namespace}/`))) {
      await this.access.objects.require(principal, { action: 'start', subject: 'Process' }, reference);
    }
  }

  private async requireRight(
    principal: Principal,
    action: 'write' | 'publish',
    { namespace, name, labels = {} }: ProcessIdentity,
  ): Promise<void> {
    await this.access.namespaces.require(namespace, principal);
    await this.access.objects.requireToMake(principal, { action, subject: 'Process' }, `${namespace}/${name}`, { namespace, name, labels });
  }

  private publishing(read: ReadingResult, document: ProcessDocument, source: string, actor: string): PublishRequest {
    return {
      identity: identityOf(document, read.legacyId),
      document: document as unknown as JsonObject,
      source,
      sourceFormat: read.writtenFormat,
      actor,
    };
  }

  private async checkedOnly(read: ReadingResult, document: ProcessDocument): Promise<Built> {
    const { namespace, name } = identityOf(document);
    const known = await findProcess(this.manager, `${namespace}/${name}`);
    return { saved: toSaved({ id: known?.id ?? null, namespace, name }, null, read), created: false };
  }

  private async keepAsDraft(read: ReadingResult, body: BuildProcessBody, principal: Principal): Promise<Built> {
    if (!read.document) {
      throw refusedDefinition(read.problems, 'A draft may hold problems, but it must be readable and say which process it is');
    }
    const identity = identityOf(read.document, read.legacyId);
    await this.requireRight(principal, 'write', identity);
    if (body.dry) return this.checkedOnly(read, read.document);
    const { process } = await saveDraft(this.manager, {
      process: identity,
      source: body.content,
      sourceFormat: read.writtenFormat,
      problems: read.problems,
      actor: actorOf(principal),
    });
    return { saved: toSaved(process, null, read), created: true };
  }
}

/** Whether something keeps a definition from being published. */
export const hasErrors = (problems: readonly Problem[]): boolean => problems.some(({ severity }) => severity === 'error');

const requireCorrect = (read: ReadingResult): ProcessDocument => {
  if (read.document && !hasErrors(read.problems)) return read.document;
  throw refusedDefinition(read.problems, 'The definition cannot be published');
};

const refusedDefinition = (problems: readonly Problem[], what: string): RequestRefused => {
  const count = problems.filter(({ severity }) => severity === 'error').length;
  return new RequestRefused('definition.invalid', `${what}: ${count === 1 ? 'one problem' : `${count} problems`}.`, 422, {
    errors: problems,
  });
};

/** Which process a document is. */
export const identityOf = (document: ProcessDocument, legacyId?: string): ProcessIdentity => ({
  namespace: document.namespace ?? DEFAULT_NAMESPACE,
  name: document.name,
  ...(legacyId !== undefined && { legacyId }),
  ...(document.description !== undefined && { description: document.description }),
  ...(document.labels !== undefined && { labels: document.labels }),
});

const toBuilt = ({ process, version, created }: Published, read: ReadingResult): Built => ({
  saved: toSaved(process, version.number, read),
  created,
});

const toSaved = (
  { id, namespace, name }: { readonly id: string | null; readonly namespace: string; readonly name: string },
  version: number | null,
  { converted, problems }: ReadingResult,
): SavedProcess => ({ id, name, namespace, version, converted: [...converted], problems: [...problems] });

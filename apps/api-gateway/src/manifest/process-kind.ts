import { actorOf, type ObjectRights, type Principal } from '@orderlines/auth';
import { canonicalJson, NODE_CHANGE_SIGNS, type Json, type ProcessSummary } from '@orderlines/contracts';
import { findProcess, findVersion, wholeList } from '@orderlines/persistence';
import { compareDefinitions, compile, processDocumentSchema, renamedSource, type ProcessDocument } from '@orderlines/process-engine';
import type { EntityManager } from 'typeorm';
import { calledProcesses } from '../process/calls.js';
import { hasErrors, identityOf, type Definitions } from '../process/definitions.js';
import type { ProcessCatalogue } from '../process/process-catalogue.js';
import { calledFirst } from './called-first.js';
import type { ManifestKind, ManifestOutput, ManifestReading, ManifestRequest, ThingName, WantedThing } from './manifest-kind.js';
import type { ManifestText } from './manifest-texts.js';
import { ProcessTexts } from './process-texts.js';

/** Nodes that a plan names. */
const MAX_NODES_TOLD = 10;

/** Processes: what is published of them. */
export class ProcessKind implements ManifestKind {
  readonly kind = 'Process';

  constructor(
    private readonly manager: EntityManager,
    private readonly definitions: Definitions,
    private readonly catalogue: ProcessCatalogue,
    private readonly objects: ObjectRights,
  ) {}

  async read({ content }: ManifestText, { principal, namespaceFor }: ManifestRequest): Promise<ManifestReading> {
    const read = await this.definitions.read({ content, format: 'auto' });
    const { document, problems, writtenFormat } = read;
    if (document === undefined || hasErrors(problems)) return { problems };
    const { namespace: written, name } = identityOf(document);
    const namespace = namespaceFor(written);
    const text =
      namespace === written
        ? { content, format: 'auto' as const }
        : renamedSource({ source: content, sourceFormat: writtenFormat, document }, { namespace, name });
    const moved = { ...document, namespace };
    return {
      problems,
      wanted: {
        ...{ namespace, name },
        refersTo: calledProcesses(compile(moved), namespace).map((process) => ({ process, severity: 'warning' as const })),
        plan: async () => {
          // Whoever may not publish it learns nothing of what is stored.
          await this.definitions.build({ ...text, draft: false, dry: true }, principal);
          return this.plan({ namespace, name }, moved);
        },
        store: async () => void (await this.definitions.build({ ...text, draft: false, dry: false }, principal)),
      },
    };
  }

  async removable(namespace: string, principal: Principal): Promise<string[]> {
    const texts = new ProcessTexts(this.manager, this.objects);
    const things: { readonly wanted: ThingName & Pick<WantedThing, 'refersTo'> }[] = [];
    for (const { name } of await this.within(namespace, principal)) {
      const published = await texts.published({ namespace, name });
      const called = published === null ? [] : calledProcesses(published.compiled, namespace);
      things.push({ wanted: { namespace, name, refersTo: called.map((process) => ({ process, severity: 'warning' })) } });
    }
    // One that another one runs can only be removed behind it.
    return calledFirst(things)
      .toReversed()
      .map(({ wanted }) => wanted.name);
  }

  async remove({ namespace, name }: ThingName, principal: Principal): Promise<void> {
    await this.objects.require(principal, { action: 'delete', subject: 'Process' }, `${namespace}/${name}`);
    return this.catalogue.remove(`${namespace}/${name}`, actorOf(principal));
  }

  async texts(namespace: string, principal: Principal): Promise<ManifestOutput[]> {
    const names = (await this.within(namespace, principal)).map(({ name }) => name);
    return new ProcessTexts(this.manager, this.objects).withCalled(namespace, names, principal);
  }

  private async plan({ namespace, name }: ThingName, document: ProcessDocument): ReturnType<WantedThing['plan']> {
    const found = await findProcess(this.manager, `${namespace}/${name}`);
    const newest = found?.latestVersion ? await findVersion(this.manager, found.id, found.latestVersion) : null;
    if (newest === null) return { action: 'create', details: ['version 1'] };
    // A text that names no namespace means the same as one that names its own.
    const stored = { ...processDocumentSchema.parse(newest.document), namespace };
    const same = newest.status === 'published' && canonicalJson(stored as unknown as Json) === canonicalJson(document as unknown as Json);
    if (same) return { action: 'unchanged', details: [] };
    return { action: 'update', details: [`version ${newest.number} → ${newest.number + 1}`, ...differences(stored, document)] };
  }

  private within(namespace: string, principal: Principal): Promise<ProcessSummary[]> {
    return wholeList((page) => this.catalogue.list({ namespace, ...page }, principal));
  }
}

const differences = (before: ProcessDocument, after: ProcessDocument): string[] => {
  const { settings, nodes, drawing } = compareDefinitions(before, after);
  const told = nodes.slice(0, MAX_NODES_TOLD).map(({ change, path }) => `${NODE_CHANGE_SIGNS[change]} node ${path}`);
  const more = nodes.length - told.length;
  return [
    ...settings.map(({ field }) => `~ ${field}`),
    ...told,
    ...(more > 0 ? [`… and ${more} more nodes`] : []),
    ...(drawing ? ['~ the canvas'] : []),
  ];
};

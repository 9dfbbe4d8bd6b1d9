import { NotAllowed, NotThere, type ObjectRights, type Principal } from '@orderlines/auth';
import { findProcess, findVersion } from '@orderlines/persistence';
import { compile, processDocumentSchema, renamedSource, type CompiledProcess } from '@orderlines/process-engine';
import type { EntityManager } from 'typeorm';
import { calledProcesses, queuesOf } from '../process/calls.js';
import type { ManifestOutput, ThingName } from './manifest-kind.js';

/** Published processes as texts. */
export class ProcessTexts {
  constructor(
    private readonly manager: EntityManager,
    private readonly objects: ObjectRights,
  ) {}

  /** What is published of the processes of a namespace and, from others, of whatever they run, directly or not. */
  async withCalled(namespace: string, names: readonly string[], principal: Principal): Promise<ManifestOutput[]> {
    const outputs: ManifestOutput[] = [];
    const missing: string[] = [];
    const open: ThingName[] = names.map((name) => ({ namespace, name }));
    const seen = new Set(open.map(fullName));
    for (let next = 0; next < open.length; next++) {
      const process = open[next] as ThingName;
      const published = (await this.maySee(process, principal)) ? await this.published(process) : null;
      if (published === null) {
        // One of the namespace itself is a draft only, or offline.
        if (next >= names.length) missing.push(fullName(process));
        continue;
      }
      outputs.push({ ...process, text: published.text, needs: needsOf(process, published.compiled) });
      for (const called of calledProcesses(published.compiled, process.namespace)) {
        if (!seen.has(called)) open.push(nameOf(called));
        seen.add(called);
      }
    }
    const [first, ...others] = outputs;
    return first === undefined ? [] : [{ ...first, needs: { ...first.needs, processes: missing } }, ...others];
  }

  /** The newest published version, as it was written where that was YAML; null: there is none. */
  async published(process: ThingName): Promise<{ readonly compiled: CompiledProcess; readonly text: string } | null> {
    const found = await findProcess(this.manager, fullName(process));
    const version = found && (await findVersion(this.manager, found.id));
    if (!version) return null;
    const document = { ...processDocumentSchema.parse(version.document), ...process };
    const sourceFormat = version.sourceFormat === 'yaml' ? 'yaml' : 'legacy-yaml';
    return { compiled: compile(document), text: renamedSource({ source: version.source, sourceFormat, document }, process).content };
  }

  private async maySee(process: ThingName, principal: Principal): Promise<boolean> {
    try {
      await this.objects.require(principal, { action: 'read', subject: 'Process' }, fullName(process));
      return true;
    } catch (error) {
      if (error instanceof NotAllowed || error instanceof NotThere) return false;
      throw error;
    }
  }
}

const fullName = ({ namespace, name }: ThingName): string => `${namespace}/${name}`;

const nameOf = (process: string): ThingName => {
  const [namespace = '', name = ''] = process.split('/');
  return { namespace, name };
};

const needsOf = (process: ThingName, compiled: CompiledProcess): ManifestOutput['needs'] => {
  const { nodes, secrets, config } = compiled;
  return {
    secrets: [...secrets],
    variables: [...config],
    queues: queuesOf(compiled),
    versions: [...nodes.values()].flatMap((node) =>
      node.type === 'process' && node.version !== 'latest' ? [`process ${fullName(process)} runs ${node.process}@${node.version}`] : [],
    ),
  };
};

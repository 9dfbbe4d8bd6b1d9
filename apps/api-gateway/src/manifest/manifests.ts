import type { Principal } from '@orderlines/auth';
import {
  BundleManifest,
  canonicalJson,
  MAX_MANIFEST_THINGS,
  type ManifestBody,
  type ManifestChange,
  type ManifestProblem,
  type ManifestReport,
  type Problem,
} from '@orderlines/contracts';
import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { problemOf } from '../problems/problem-details.js';
import { RequestRefused } from '../problems/request-refused.js';
import { findKnown } from '../process/process-reference.js';
import { calledFirst } from './called-first.js';
import type { ManifestKind, ManifestRequest, WantedThing } from './manifest-kind.js';
import { textsOf, type ManifestText } from './manifest-texts.js';
import { readSettings } from './settings-manifest.js';

const BUNDLE = 'Bundle';

/** A thing that a file wants, with where it comes from. */
interface Placed {
  readonly kind: ManifestKind;
  readonly text: ManifestText;
  readonly wanted: WantedThing;
}

/** A change with what makes it. */
interface Step {
  readonly change: ManifestChange;
  carryOut(): Promise<void>;
}

/** What the files of a request say. */
interface Reading {
  readonly placed: readonly Placed[];
  readonly problems: readonly ManifestProblem[];
  /** Namespaces whose things the files list completely. */
  readonly namespaces: ReadonlySet<string>;
}

/** Makes what is stored as files describe it: plans first, and carries out exactly that plan. */
export class Manifests {
  constructor(
    private readonly manager: EntityManager,
    /** In the order in which things are made; they are removed the other way round. */
    private readonly kinds: readonly ManifestKind[],
  ) {}

  /** Plans, and carries the plan out unless it is only to be shown; the first change that fails ends it. */
  async apply(body: ManifestBody, principal: Principal): Promise<ManifestReport> {
    const reading = await this.read(body, principal);
    const problems = [...reading.problems, ...(await this.danglingReferences(reading, principal))];
    const valid = problems.every(({ severity }) => severity !== 'error');
    const steps = valid ? await this.plan(reading, body.prune, principal) : [];
    const digest = digestOf(steps);
    if (valid && body.plan !== undefined && body.plan !== digest) {
      throw new RequestRefused('manifest.plan-changed', 'What is stored has changed since the plan was made: look at the new one.', 409);
    }
    const changes = valid && !body.dry ? await carryOut(steps) : steps.map(({ change }) => change);
    return { valid, digest, problems, changes };
  }

  private async read({ files, namespace }: ManifestBody, principal: Principal): Promise<Reading> {
    const texts = files.flatMap(textsOf);
    if (texts.length > MAX_MANIFEST_THINGS) {
      const message = `The files describe ${texts.length} things: a request has ${MAX_MANIFEST_THINGS} at most.`;
      throw new RequestRefused('manifest.too-many', message, 422);
    }
    const bundles = texts.filter(({ kind }) => kind === BUNDLE).map((text) => ({ text, ...readSettings(BundleManifest, text) }));
    const origins = new Set(bundles.flatMap(({ value }) => (value === undefined ? [] : [value.namespace])));
    if (namespace !== undefined && origins.size !== 1) {
      const message = 'Only what was exported as one namespace can go into another one: the files have no bundle, or several.';
      throw new RequestRefused('manifest.no-bundle', message, 422);
    }
    const namespaceFor = (written: string): string => (namespace !== undefined && origins.has(written) ? namespace : written);
    const placed: Placed[] = [];
    const problems = bundles.flatMap(({ text, problems: found }) => found.map((problem) => inFile(text, problem)));
    for (const text of texts.filter(({ kind }) => kind !== BUNDLE)) {
      const found = await this.readThing(text, { principal, namespaceFor }, placed);
      problems.push(...found.map((problem) => inFile(text, problem)));
    }
    const named = placed.map(({ wanted }) => wanted.namespace).filter((name) => name !== '');
    return { placed, problems, namespaces: new Set(origins.size > 0 ? [...origins].map(namespaceFor) : named) };
  }

  private async readThing(text: ManifestText, request: ManifestRequest, placed: Placed[]): Promise<readonly Problem[]> {
    const kind = this.kinds.find((known) => known.kind === text.kind);
    if (kind === undefined) {
      const known = this.kinds.map((one) => one.kind).join(', ');
      return [{ code: 'manifest.unknown-kind', message: `there is no kind ${text.kind}: write ${known}`, path: 'kind', severity: 'error' }];
    }
    const { wanted, problems } = await kind.read(text, request);
    if (wanted === undefined) return problems;
    const twice = placed.find((other) => keyOf(other.kind.kind, other.wanted) === keyOf(kind.kind, wanted));
    placed.push({ kind, text, wanted });
    if (twice === undefined) return problems;
    const message = `${kind.kind} ${wanted.namespace}/${wanted.name} stands in ${twice.text.file}, too: describe it once`;
    return [...problems, { code: 'manifest.twice', message, path: '', severity: 'error' }];
  }

  /** Processes that things refer to and that are neither described nor, as far as the principal may know, stored. */
  private async danglingReferences({ placed }: Reading, principal: Principal): Promise<ManifestProblem[]> {
    const described = new Set(
      placed.flatMap(({ kind, wanted }) => (kind.kind === 'Process' ? [`${wanted.namespace}/${wanted.name}`] : [])),
    );
    const there = new Map<string, boolean>();
    const problems: ManifestProblem[] = [];
    for (const { text, kind, wanted } of placed) {
      for (const { process, severity } of wanted.refersTo) {
        if (described.has(process)) continue;
        if (!there.has(process)) there.set(process, (await findKnown(this.manager, process, { principal })) !== null);
        if (there.get(process)) continue;
        const message = `${kind.kind} ${wanted.namespace}/${wanted.name} names the process ${process}, which is not there`;
        problems.push(inFile(text, { code: 'manifest.process-missing', message, path: '', severity }));
      }
    }
    return problems;
  }

  private async plan({ placed, namespaces }: Reading, prune: boolean, principal: Principal): Promise<Step[]> {
    const steps: Step[] = [];
    for (const kind of this.kinds) {
      for (const { text, wanted } of calledFirst(placed.filter((one) => one.kind === kind))) {
        const { action, details } = await wanted.plan();
        const change = { ...plannedChange(kind.kind, wanted), file: text.file, action, details };
        steps.push({ change, carryOut: () => wanted.store() });
      }
    }
    if (!prune) return steps;
    for (const kind of this.kinds.toReversed()) {
      for (const namespace of namespaces) steps.push(...(await this.superfluous(kind, namespace, placed, principal)));
    }
    return steps;
  }

  private async superfluous(kind: ManifestKind, namespace: string, placed: readonly Placed[], principal: Principal): Promise<Step[]> {
    const wanted = new Set(placed.flatMap((one) => (one.kind === kind && one.wanted.namespace === namespace ? [one.wanted.name] : [])));
    const names = (await kind.removable(namespace, principal)).filter((name) => !wanted.has(name));
    return names.map((name) => ({
      change: { ...plannedChange(kind.kind, { namespace, name }), file: null, action: 'delete', details: [] },
      carryOut: () => kind.remove({ namespace, name }, principal),
    }));
  }
}

const keyOf = (kind: string, { namespace, name }: { readonly namespace: string; readonly name: string }) => `${kind} ${namespace}/${name}`;

const inFile = ({ file, linesBefore }: ManifestText, problem: Problem): ManifestProblem => ({
  file,
  ...problem,
  ...(problem.line !== undefined && { line: problem.line + linesBefore }),
});

const plannedChange = (kind: string, { namespace, name }: { readonly namespace: string; readonly name: string }) =>
  ({ kind, namespace, name, outcome: 'planned', message: null }) as const;

const digestOf = (steps: readonly Step[]): string => {
  const planned = steps.map(({ change: { kind, namespace, name, action, details } }) => ({ kind, namespace, name, action, details }));
  return createHash('sha256').update(canonicalJson(planned)).digest('hex');
};

const carryOut = async (steps: readonly Step[]): Promise<ManifestChange[]> => {
  const changes: ManifestChange[] = [];
  let failed = false;
  for (const { change, carryOut: work } of steps) {
    if (failed || change.action === 'unchanged') {
      changes.push({ ...change, outcome: 'left' });
      continue;
    }
    try {
      await work();
      changes.push({ ...change, outcome: 'done' });
    } catch (error) {
      failed = true;
      changes.push({ ...change, outcome: 'failed', message: reasonOf(error) });
    }
  }
  return changes;
};

/** What the door would answer; a fault of our own is not a reason and goes on its way to the log. */
const reasonOf = (error: unknown): string => {
  const { problem, expected } = problemOf(error);
  if (!expected) throw error;
  return [problem.detail, ...(problem.errors ?? []).map(({ path, message }) => `${path}: ${message}`)].join('\n');
};

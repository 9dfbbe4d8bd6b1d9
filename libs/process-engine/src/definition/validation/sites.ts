import type { Json } from '@orderlines/contracts';
import type { ValuePath } from '../../variables/parse-template.js';
import { type NodeDocument, type ProcessDocument } from '../document.js';
import { type CallbackDocument, DEFAULT_ITEM_NAME, type RetryDocument } from '../document-fields.js';
import { type Inside, nodesOf, OUTSIDE, type NodePlace, within } from './walk.js';

/** A value of a definition that may hold expressions, and what may stand there. */
export interface Site {
  readonly path: ValuePath;
  readonly value: Json;
  /** `condition` and `expression` take one expression only, `fixed` takes none; a `limit` is a duration of more than nothing, `items` a list or map. */
  readonly kind: 'any' | 'condition' | 'items' | 'expression' | 'duration' | 'limit' | 'instant' | 'fixed';
  /** Roots it sees beside {@link COMMON_ROOTS}. */
  readonly more: readonly string[];
  /** Roots it does not see, since they are not there yet. */
  readonly without?: readonly string[];
  /** Params that can be read; absent: all of them. */
  readonly params?: ReadonlySet<string>;
  /** What stands around it; absent: it sees every node. */
  readonly inside?: Inside;
}

/** Roots that every expression of a run sees. */
export const COMMON_ROOTS = ['params', 'vars', 'tasks', 'run', 'secrets', 'config'] as const;

/** Roots that have a meaning of their own somewhere. */
export const ROOTS: ReadonlySet<string> = new Set([...COMMON_ROOTS, 'result', 'event', 'index']);

/** Every place of a definition where an expression may stand. */
export function sitesOf(document: ProcessDocument): Site[] {
  return [...processSites(document), ...nodesOf(document).flatMap(placedSites)];
}

/** The sites of a node with what they see of the items around them. */
function placedSites({ node, path, inside }: NodePlace): Site[] {
  return nodeSites(node, path).map((found) => {
    // The outputs of a foreach are those of an item; callbacks see all, as a teardown does.
    const isItems = node.type === 'foreach' && found.path.at(path.length) === 'outputs';
    const isCallback = found.path.at(path.length) === 'callbacks';
    const where = isItems ? within(node, inside) : isCallback ? { ...inside, isTeardown: true } : inside;
    return where.foreachs.length === 0
      ? { ...found, inside: where }
      : { ...found, inside: where, more: [...found.more, ...itemRoots(where)] };
  });
}

const itemRoots = ({ foreachs }: Inside): string[] => ['index', ...foreachs.map(({ as }) => as ?? DEFAULT_ITEM_NAME)];

function processSites(document: ProcessDocument): Site[] {
  const params = document.params ?? [];
  return [
    ...params.flatMap((param, index) =>
      site(['params', index, 'default'], param.default, 'any', {
        without: ['vars', 'tasks', 'secrets', 'config'],
        params: new Set(params.slice(0, index).map(({ name }) => name)),
      }),
    ),
    ...(document.variables ?? []).flatMap((variable, index) => site(['variables', index, 'value'], variable.value, 'fixed')),
    ...site(['timeout'], document.timeout, 'limit', { without: ['tasks'] }),
    ...site(['concurrency', 'key'], document.concurrency?.key, 'any', { without: ['tasks', 'secrets'] }),
    ...site(['outputs'], document.outputs, 'any', { inside: OUTSIDE }),
    ...callbackSites(document.callbacks, []),
  ];
}

function nodeSites(node: NodeDocument, path: ValuePath): Site[] {
  const at = (...steps: (string | number)[]): ValuePath => [...path, ...steps];
  const common = [
    ...site(at('disabled'), node.disabled, 'condition'),
    ...site(at('breakpoint'), node.breakpoint, 'condition'),
    ...site(at('when'), node.when, 'condition'),
    ...site(at('set'), node.set, 'any', { more: ['result'] }),
    ...callbackSites(node.callbacks, path),
    ...('timeout' in node ? site(at('timeout'), node.timeout, 'limit') : []),
    ...('retry' in node ? retrySites(node.retry, at('retry')) : []),
  ];
  switch (node.type) {
    case 'task':
      return [
        ...common,
        ...site(at('with'), node.with, 'any'),
        ...site(at('queueTimeout'), node.queueTimeout, 'limit'),
        ...(node.collect ?? []).flatMap((pattern, index) => site(at('collect', index), pattern, 'fixed')),
        ...site(at('heartbeatTimeout'), node.heartbeatTimeout, 'limit'),
      ];
    case 'switch':
      return [...common, ...node.cases.flatMap((way, index) => site(at('cases', index, 'when'), way.when, 'condition'))];
    case 'group':
    case 'parallel':
    case 'dag':
      return [...common, ...site(at('outputs'), node.outputs, 'any')];
    case 'foreach':
      return [...common, ...site(at('items'), node.items, 'items'), ...site(at('outputs'), node.outputs, 'any')];
    case 'delay':
      return [...common, ...site(at('for'), node.for, 'duration'), ...site(at('until'), node.until, 'instant')];
    case 'approval':
      return [
        ...common,
        ...(['users', 'roles', 'groups', 'message'] as const).flatMap((key) => site(at(key), node[key], 'any')),
        ...(node.form ?? []).flatMap((field, index) => site(at('form', index, 'default'), field.default, 'any')),
        ...site(at('deadline'), node.deadline, 'duration'),
      ];
    case 'wait':
      return [...common, ...site(at('signal'), node.signal, 'any'), ...site(at('key'), node.key, 'any')];
    case 'process':
      return [...common, ...site(at('inputs'), node.inputs, 'any')];
    case 'end':
      return [...common, ...site(at('message'), node.message, 'any')];
    default:
      return common;
  }
}

function retrySites(retry: RetryDocument | undefined, path: ValuePath): Site[] {
  return [
    ...(['delay', 'maxDelay'] as const).flatMap((key) => site([...path, key], retry?.[key], 'duration')),
    ...site([...path, 'budget'], retry?.budget, 'limit'),
    ...site([...path, 'when'], retry?.when, 'expression', { more: ['event'] }),
  ];
}

function callbackSites(callbacks: readonly CallbackDocument[] | undefined, path: ValuePath): Site[] {
  return (callbacks ?? []).flatMap((callback, index) =>
    site([...path, 'callbacks', index, 'with'], callback.with, 'any', { more: ['event'] }),
  );
}

function site(
  path: ValuePath,
  value: Json | undefined,
  kind: Site['kind'],
  { more = [], ...rest }: Partial<Pick<Site, 'more' | 'without' | 'params' | 'inside'>> = {},
): Site[] {
  return value === undefined ? [] : [{ path, value, kind, more, ...rest }];
}

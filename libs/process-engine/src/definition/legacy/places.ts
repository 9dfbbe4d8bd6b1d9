import { pathFromText, pathText } from '../source.js';
import type { ProcessDocument } from '../document.js';
import type { Identifiers } from './identifiers.js';
import type { LinkedNode } from './nodes.js';
import type { Path } from './report.js';
import type { LegacySource } from './source.js';
import { own } from '../../variables/value.js';

/** Where the older format has what a key of a node holds. */
const NODE_KEYS: Readonly<Record<string, Path>> = {
  ...{ id: ['task_id'], name: ['task_name'], description: ['desc'], uses: ['task_module'], next: ['next_id'] },
  ...{ set: ['result_config'], cases: ['method_kwargs', 'conditions'], default: ['method_kwargs', 'conditions'] },
  ...{ with: ['method_kwargs'], flow: ['method_kwargs'], branches: ['method_kwargs'] },
  ...{ timeout: ['task_config'], retry: ['task_config'], onError: ['task_config'], callbacks: ['task_config'] },
};

/** Where the older format has what a key of the document holds. */
const HEADER_KEYS: Readonly<Record<string, Path>> = {
  ...{ name: ['process_name'], namespace: ['namespace'], description: ['desc'], params: ['process_params'], labels: [] },
  ...{ timeout: ['process_config', 'timeout'], callbacks: ['process_config', 'notice_type'] },
  ...{ setup: ['process_config', 'setup'], teardown: ['process_config', 'teardown'] },
};

/** Finds the place in the older definition that something in the new document came from. */
export class Places {
  private readonly paths = new Map<string, Path>();

  constructor(
    private readonly source: LegacySource,
    nodes: ReadonlyMap<string, LinkedNode>,
    identifiers: Identifiers,
  ) {
    for (const node of nodes.values()) this.paths.set(identifiers.of(node.id), node.source.path);
  }

  /** The older place of a path in the document, as near as can be told. */
  of(path: string, document: ProcessDocument): string {
    const steps = pathFromText(path);
    let value: unknown = document;
    let found: Path = [];
    let rest: Path = steps;
    steps.forEach((step, index) => {
      value = (value as Record<string | number, unknown> | null | undefined)?.[step];
      const id = (value as { id?: unknown } | null | undefined)?.id;
      const place = typeof id === 'string' ? this.paths.get(id) : undefined;
      if (place === undefined) return;
      found = place;
      rest = steps.slice(index + 1);
    });
    return pathText(found.length > 0 ? inNode(found, rest) : this.inHeader(rest));
  }

  private inHeader([key, ...rest]: Path): Path {
    if (key === 'variables') return ['variable', ...this.variableIndex(rest[0])];
    const place = own(HEADER_KEYS, String(key));
    return place === undefined ? [] : [...this.source.headerPath, ...place];
  }

  /** Blank rows of variables are left out of the document. */
  private variableIndex(index: string | number | undefined): Path {
    const kept = this.source.variables.filter((variable) => (variable.variable_key ?? '').trim() !== '');
    const path = typeof index === 'number' ? kept[index]?.path : undefined;
    return path?.slice(1) ?? [];
  }
}

function inNode(node: Path, [key, ...rest]: Path): Path {
  const place = own(NODE_KEYS, String(key));
  if (place === undefined) return node;
  const inside = key === 'with' ? rest : key === 'cases' && typeof rest[0] === 'number' ? [rest[0]] : [];
  return [...node, ...place, ...inside];
}

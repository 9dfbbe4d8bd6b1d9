import { closest } from '../../variables/closest.js';
import type { FoundExpression, ValuePath } from '../../variables/parse-template.js';
import type { Use } from '../../variables/template.js';
import type { ProcessDocument } from '../document.js';
import type { Report, Wording } from './report.js';
import { COMMON_ROOTS, ROOTS, type Site } from './sites.js';
import { type Inside, nodesOf } from './walk.js';

const NO_DECISION = 'a secret can be passed on, but nothing here can be decided by it: only the task that gets it knows its value';

/** What expressions read of a run. */
const RUN_PARTS: ReadonlySet<string> = new Set([
  'id',
  'number',
  'process',
  'version',
  'namespace',
  'startedBy',
  'origin',
  'logicalTime',
  'url',
  'status',
  'error',
]);

/** What expressions read of the event of a callback or a retry. */
const EVENT_PARTS: ReadonlySet<string> = new Set(['node', 'name', 'status', 'reason', 'error', 'attempt']);

/** The names that expressions of a process can read. */
export class Names {
  readonly params: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
  readonly nodes: ReadonlyMap<string, Inside>;

  constructor(
    document: ProcessDocument,
    /** Secrets that the process can read; undefined: nobody knows here. */
    private readonly secrets?: ReadonlySet<string>,
  ) {
    this.params = new Set((document.params ?? []).map(({ name }) => name));
    this.variables = new Set((document.variables ?? []).map(({ name }) => name));
    this.nodes = new Map(nodesOf(document).map(({ node, inside }) => [node.id, inside]));
  }

  /** Reports what an expression reads and what is not there. */
  check({ path, expression, offset }: FoundExpression, site: Site, report: Report): void {
    for (const use of expression.uses) {
      if (use.root === 'secrets' && use.name !== undefined) this.warnOfSecret(use.name, [...site.path, ...path], report);
      const message = this.complaint(use, site, expression.source);
      if (message !== undefined) report.errorIn([...site.path, ...path], offset + use.offset, 'unknown-reference', message);
    }
  }

  /** Secrets come and go without the definition: one that is not there may be there when the task starts. */
  private warnOfSecret(name: string, path: ValuePath, report: Report): void {
    const { secrets } = this;
    if (secrets === undefined || secrets.has(name)) return;
    report.warning(path, 'unknown-secret', () => {
      const suggestion = closest(name, secrets);
      const hint = suggestion === undefined ? `; set it with \`orderlines secret set ${name}\`` : `; did you mean \`${suggestion}\`?`;
      return `there is no secret \`${name}\` yet${hint}`;
    });
  }

  private complaint(use: Use, site: Site, source: string): Wording | undefined {
    const roots = [...COMMON_ROOTS, ...site.more].filter((root) => !site.without?.includes(root));
    if (!roots.includes(use.root)) return () => this.unknownRoot(use, roots);
    if (use.root === 'secrets' && site.kind !== 'any') return NO_DECISION;
    if (use.name === undefined) return undefined;
    switch (use.root) {
      case 'params':
        if (this.params.has(use.name) && site.params !== undefined && !site.params.has(use.name)) {
          return `\`params.${use.name}\` is not known yet: a default reads the params declared before it`;
        }
        return missing('param', use.name, this.params);
      case 'vars':
        return missing('variable', use.name, this.variables);
      case 'tasks':
        return this.unknownNode(use.name, source.slice(use.offset)) ?? this.inOtherItem(use.name, site);
      case 'run':
        return missing('part of `run`', use.name, RUN_PARTS);
      case 'event':
        return missing('part of `event`', use.name, EVENT_PARTS);
      default:
        return undefined;
    }
  }

  private unknownRoot({ root, name }: Use, roots: readonly string[]): string {
    if (this.params.has(root) && roots.includes('params')) return `\`${root}\` is not known here; did you mean \`params.${root}\`?`;
    if (this.variables.has(root) && roots.includes('vars')) return `\`${root}\` is not known here; did you mean \`vars.${root}\`?`;
    if (this.nodes.has(root) && roots.includes('tasks')) return `\`${root}\` is not known here; did you mean \`tasks.${root}\`?`;
    if (ROOTS.has(root)) return `\`${name === undefined ? root : `${root}.${name}`}\` cannot be read here`;
    const suggestion = closest(root, roots);
    return `\`${root}\` is not known; ${suggestion === undefined ? `an expression here reads ${roots.join(', ')}` : `did you mean \`${suggestion}\`?`}`;
  }

  private unknownNode(id: string, source: string): Wording | undefined {
    if (this.nodes.has(id)) return undefined;
    // `tasks.my-id` is read as a subtraction.
    const dashed = /^tasks\.([\w-]+)/.exec(source)?.[1];
    if (dashed !== undefined && this.nodes.has(dashed)) return `an id with \`-\` is written in brackets: \`tasks['${dashed}']\``;
    return missing('node', id, new Set(this.nodes.keys()));
  }

  /** A node of a foreach runs once for each item, so only the same item knows which is meant. */
  private inOtherItem(id: string, { inside }: Site): string | undefined {
    if (inside === undefined || inside.isTeardown) return undefined;
    const foreach = this.nodes.get(id)?.foreachs.find((around) => !inside.foreachs.includes(around));
    if (foreach === undefined) return undefined;
    return `\`${id}\` runs once for each item of \`${foreach.id}\` and is read inside the same item only; read \`tasks.${foreach.id}.result\` here`;
  }
}

function missing(kind: string, name: string, known: ReadonlySet<string>): Wording | undefined {
  if (known.has(name)) return undefined;
  return () => {
    const suggestion = closest(name, known);
    return `there is no ${kind} \`${name}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`;
  };
}

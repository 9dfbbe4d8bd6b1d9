import type { Principal } from '@orderlines/auth';
import type { UsageView } from '@orderlines/contracts';
import { versionsHolding, type VersionHolding } from '@orderlines/persistence';
import { compile, processDocumentSchema } from '@orderlines/process-engine';
import type { Pool } from 'pg';

/** What is looked for in definitions: `secrets.<name>` or `config.<name>`. */
export interface Named {
  readonly kind: 'secrets' | 'config';
  /** Empty: that of all namespaces. */
  readonly namespace: string;
  readonly name: string;
}

/** Which versions of processes name a secret or variable. */
export class Usages {
  constructor(private readonly pool: Pool) {}

  /** Those that the principal may see; a namespace with one of its own does not use the one of all namespaces, and is not told apart here. */
  async find({ kind, namespace, name }: Named, { rights }: Principal): Promise<UsageView[]> {
    const holding = await versionsHolding(this.pool, { text: name, namespace }, rights.limits('read', 'Process'));
    return holding.filter((version) => names(version, kind, name)).map(({ document: _document, ...usage }) => usage);
  }
}

/** What the text search has found may stand in a sentence: only what expressions read counts. */
const names = ({ document }: VersionHolding, kind: Named['kind'], name: string): boolean => {
  const read = processDocumentSchema.safeParse(document);
  return read.success && compile(read.data)[kind].has(name);
};

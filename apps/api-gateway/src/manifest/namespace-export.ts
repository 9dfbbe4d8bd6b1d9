import type { Principal } from '@orderlines/auth';
import type { BundleManifest } from '@orderlines/contracts';
import type { Namespaces } from '../access/namespaces.js';
import type { ManifestKind, ManifestOutput } from './manifest-kind.js';
import { settingsText } from './settings-manifest.js';

/** Writes a namespace as one text that can be applied again, here or elsewhere. */
export class NamespaceExport {
  constructor(
    private readonly namespaces: Namespaces,
    /** In the order in which things are made. */
    private readonly kinds: readonly ManifestKind[],
  ) {}

  /** The things of a namespace that the principal may see, with what of others they cannot do without; of secrets only the names. */
  async text(namespace: string, principal: Principal): Promise<string> {
    await this.namespaces.get(namespace);
    const outputs: ManifestOutput[] = [];
    const variables = new Set<string>();
    for (const kind of this.kinds) {
      const found = await kind.texts(namespace, principal);
      if (kind.kind === 'Variable') for (const { name } of found) variables.add(name);
      outputs.push(...found);
    }
    const needs = needsOf(outputs);
    const others = needs.variables.filter((name) => !variables.has(name));
    const head = settingsText('Bundle', { namespace, needs: { ...needs, variables: others } });
    return [head, ...outputs.map(({ text }) => text)].map(asDocument).join('');
  }
}

const needsOf = (outputs: readonly ManifestOutput[]): BundleManifest['needs'] => {
  const of = (need: keyof BundleManifest['needs']): string[] =>
    [...new Set(outputs.flatMap(({ needs }) => needs?.[need] ?? []))].toSorted();
  return {
    ...{ secrets: of('secrets'), variables: of('variables'), queues: of('queues') },
    ...{ processes: of('processes'), versions: of('versions') },
  };
};

/** A text as a document of a file of many. */
const asDocument = (text: string): string => `---\n${text.replace(/^---\s*\n/, '').trimEnd()}\n`;

import type { DefinitionBody } from '@orderlines/contracts';
import type { ProcessVersion } from '@orderlines/persistence';

type Format = ProcessVersion['sourceFormat'];

/** In which language a stored text is written; the older format is written in both. */
export const languageOf = (format: Format): 'yaml' | 'json' => (format.endsWith('json') ? 'json' : 'yaml');

/** The text of a draft or version, to be read again. */
export const textOf = ({ source, sourceFormat }: { readonly source: string; readonly sourceFormat: Format }): DefinitionBody => ({
  content: source,
  format: languageOf(sourceFormat),
});

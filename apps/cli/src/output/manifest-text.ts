import type { ManifestChange, ManifestReport } from '@orderlines/contracts';
import { problemLine } from './problems.js';

const SIGNS = { create: '+', update: '~', unchanged: ' ', delete: '-' } as const;

/** A plan for people: what would be done to each thing, with what differs; then how much of each. */
export const planText = ({ changes }: ManifestReport): string => {
  const lines = changes
    .filter(({ action }) => action !== 'unchanged')
    .flatMap((change) => [`${SIGNS[change.action]} ${titleOf(change)}`, ...change.details.map((detail) => `      ${detail}`)]);
  return [...lines, `plan: ${countsOf(changes.map(({ action }) => action))}`].join('\n');
};

/** What became of each thing that was to be changed, and how much of each. */
export const resultText = ({ changes }: ManifestReport): string => {
  const made = changes.filter(({ action }) => action !== 'unchanged');
  const lines = made.map(
    (change) => `${change.outcome} ${SIGNS[change.action]} ${titleOf(change)}${change.message === null ? '' : `: ${change.message}`}`,
  );
  return made.length === 0
    ? `nothing to do: ${changes.length} unchanged`
    : [...lines, countsOf(made.map(({ outcome }) => outcome))].join('\n');
};

/** What is wrong with the files, one line each. */
export const manifestProblems = ({ problems }: ManifestReport): string[] =>
  problems.map(({ file, ...problem }) => problemLine(problem, file));

const titleOf = ({ kind, namespace, name }: ManifestChange): string => `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;

const countsOf = (words: readonly string[]): string =>
  [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${all.length} ${word}`).join(', ') || 'nothing';

import type { FieldChange, MemberChange, NodeChange, VersionComparison } from '@orderlines/contracts';
import { styleText } from 'node:util';

const SIGNS = { added: '+', removed: '-', changed: '~', moved: '>' } as const;
const COLOURS = { added: 'green', removed: 'red', changed: 'yellow', moved: 'cyan' } as const;
/** Longest value that is shown; a script asks for JSON. */
const MAX_VALUE = 300;

/** A comparison for people: one line a node, one a field; with colours where the terminal has them. */
export const comparisonText = (comparison: VersionComparison, colours: boolean): string => {
  const { process, from, to, equal, settings, params, variables, nodes, layout } = comparison;
  const paint = painter(colours);
  const heading = `${process}: ${from.label} → ${to.label}`;
  if (equal) return `${heading}\nno difference`;
  return [
    paint('bold', heading),
    ...section(
      'settings',
      settings.flatMap((field) => fieldLines(field, paint, '  ')),
    ),
    ...section(
      'params',
      params.flatMap((member) => memberLines(member, paint)),
    ),
    ...section(
      'variables',
      variables.flatMap((member) => memberLines(member, paint)),
    ),
    ...section(
      'nodes',
      nodes.flatMap((node) => nodeLines(node, paint)),
    ),
    ...(layout ? ['the canvas differs, which never affects a run'] : []),
  ].join('\n');
};

type Colour = (typeof COLOURS)[keyof typeof COLOURS] | 'bold' | 'dim';
type Paint = (colour: Colour, text: string) => string;

const painter =
  (colours: boolean): Paint =>
  (colour, text) =>
    colours ? styleText(colour, text, { validateStream: false }) : text;

const section = (name: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [`${name}:`, ...lines]);

const memberLines = ({ name, change, fields }: MemberChange, paint: Paint): string[] => [
  paint(COLOURS[change], `  ${SIGNS[change]} ${name}${change === 'changed' && fields.length === 0 ? ' (stands elsewhere)' : ''}`),
  ...(change === 'changed' ? fields.flatMap((field) => fieldLines(field, paint, '      ')) : []),
];

const nodeLines = (node: NodeChange, paint: Paint): string[] => {
  const { id, type, name, change, fields } = node;
  const title = `  ${SIGNS[change]} ${id} [${type}]${name === undefined ? '' : ` ${name}`}${placeOf(node)}`;
  return [paint(COLOURS[change], title), ...(change === 'changed' ? fields.flatMap((field) => fieldLines(field, paint, '      ')) : [])];
};

const placeOf = ({ from, to, moved }: NodeChange): string => {
  if (!moved) return (to ?? from) === 'flow' ? '' : ` in ${to ?? from}`;
  return from === to ? ` moved within ${to}` : ` moved from ${from} to ${to}`;
};

const fieldLines = ({ path, before, after }: FieldChange, paint: Paint, indent: string): string[] => [
  `${indent}${path}`,
  ...(before === undefined ? [] : [paint('red', `${indent}  - ${shown(before)}`)]),
  ...(after === undefined ? [] : [paint('green', `${indent}  + ${shown(after)}`)]),
];

const shown = (value: unknown): string => {
  const text = JSON.stringify(value).replaceAll(/\p{Cc}/gu, '');
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}… (${text.length} characters)` : text;
};

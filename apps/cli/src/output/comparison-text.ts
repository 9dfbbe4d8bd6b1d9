import {
  NODE_CHANGE_SIGNS,
  type DefinitionDifference,
  type FieldDifference,
  type NodeDifference,
  type VersionComparison,
} from '@orderlines/contracts';
import { styleText } from 'node:util';

const COLOURS = { added: 'green', removed: 'red', changed: 'yellow', moved: 'cyan' } as const;
/** Longest value that is shown; a script asks for JSON. */
const MAX_VALUE = 300;

type Colour = (typeof COLOURS)[keyof typeof COLOURS] | 'bold';
type Paint = (colour: Colour, text: string) => string;

/** A comparison for people: one line a node, its fields below; with colours where the terminal has them. */
export const comparisonText = (comparison: VersionComparison, process: string, colours: boolean): string => {
  const paint = painter(colours);
  const lines = differenceLines(comparison, colours);
  const heading = paint('bold', `${process}: ${sideText(comparison.from)} → ${sideText(comparison.to)}`);
  return [heading, ...(lines.length === 0 ? ['no difference'] : lines)].join('\n');
};

/** How two definitions differ, one line a node or field. */
export const differenceLines = ({ settings, nodes, drawing }: DefinitionDifference, colours: boolean): string[] => {
  const paint = painter(colours);
  return [
    ...settings.flatMap((field) => fieldLines(field, paint, '')),
    ...nodes.flatMap((node) => nodeLines(node, paint)),
    ...(drawing ? ['the drawing differs, which never affects a run'] : []),
  ];
};

const painter =
  (colours: boolean): Paint =>
  (colour, text) =>
    colours ? styleText(colour, text, { validateStream: false }) : text;

const sideText = (side: VersionComparison['from']): string => (typeof side === 'number' ? `version ${side}` : `the ${side}`);

const nodeLines = ({ path, type, change, from, fields }: NodeDifference, paint: Paint): string[] => [
  paint(COLOURS[change], `${NODE_CHANGE_SIGNS[change]} ${path} [${type}]${placeOf(from, path)}`),
  ...fields.flatMap((field) => fieldLines(field, paint, '    ')),
];

const placeOf = (from: string | null, path: string): string => {
  if (from === null) return '';
  return from === path ? ' at another place of its flow' : ` from ${from}`;
};

const fieldLines = ({ field, before, after }: FieldDifference, paint: Paint, indent: string): string[] => [
  `${indent}${field}`,
  ...(before === undefined ? [] : [paint('red', `${indent}  - ${shown(before)}`)]),
  ...(after === undefined ? [] : [paint('green', `${indent}  + ${shown(after)}`)]),
];

const shown = (value: unknown): string => {
  const text = JSON.stringify(value).replaceAll(/\p{Cc}/gu, '');
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}… (${text.length} characters)` : text;
};

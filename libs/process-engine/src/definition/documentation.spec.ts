import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FUNCTIONS } from '../variables/functions/index.js';
import { LEGACY_YAML, looksLegacy } from './legacy/index.js';
import { parseSource } from './parse.js';
import { readDefinition } from './read-definition.js';
import { lineOf } from './testing/definitions.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** Files of a folder of the repository with one of these endings; none where the folder does not exist. */
function filesIn(folder: string, endings: RegExp): string[] {
  const path = join(root, folder);
  return existsSync(path) ? readdirSync(path).flatMap((name) => (endings.test(name) ? [join(folder, name)] : [])) : [];
}

/** Every document of the YAML blocks of a page, with the line its block begins at. */
function blocksOf(page: string): { readonly place: string; readonly text: string }[] {
  const content = readFileSync(join(root, page), 'utf8');
  return [...content.matchAll(/^```ya?ml\n(.*?)^```/gms)].flatMap((match) => {
    const place = `${page}:${content.slice(0, match.index).split('\n').length + 1}`;
    return (match[1] ?? '').split(/^---\n/m).map((text) => ({ place, text }));
  });
}

/** Manifests of other kinds are checked where they are applied. */
const isDefinition = (text: string): boolean => /^kind: Process$/m.test(text) || looksLegacy(text);
const blocks = ['README.md', ...filesIn('docs', /\.md$/)].filter((page) => existsSync(join(root, page))).flatMap(blocksOf);
const examples = [...filesIn('examples', /\.(ya?ml|json)$/), ...filesIn('examples/legacy', /\.(ya?ml|json)$/)];
const problemsOf = (text: string): string[] => readDefinition(text).problems.map(lineOf);

describe('every YAML block of the documentation', () => {
  it.each(blocks.filter(({ text }) => isDefinition(text)))('$place is a definition without a problem', ({ text }) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('can be read as YAML', () => {
    for (const { place, text } of blocks) {
      const source = parseSource(text, { format: 'yaml', ...(looksLegacy(text) && { yaml: LEGACY_YAML }) });
      expect({ place, problems: 'value' in source ? [] : source }).toEqual({ place, problems: [] });
    }
  });
});

it.each(examples)('%s is a definition without an error', (file) => {
  const { problems, compiled } = readDefinition(readFileSync(join(root, file), 'utf8'));
  expect(problems.filter(({ severity }) => severity === 'error').map(lineOf)).toEqual([]);
  expect(compiled).toBeDefined();
});

describe('docs/definition.md', () => {
  const page = readFileSync(join(root, 'docs/definition.md'), 'utf8');

  it('names every function of the expression language', () => {
    expect([...FUNCTIONS.keys()].filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
  });

  it('names every code of a problem', () => {
    const folder = join(root, 'libs/process-engine/src/definition');
    const sources = ['parse.ts', ...readdirSync(join(folder, 'validation')).map((name) => join('validation', name))];
    const codes = sources
      .filter((name) => !name.endsWith('.spec.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .flatMap((text) => [
        ...text.matchAll(/'definition\.([a-z-]+)'|(?:rror|rrorIn|arning|checkLiteral)\([^;]*?,\s*'([a-z]+(?:-[a-z]+)*)',/g),
      ])
      .map((match) => match[1] ?? match[2] ?? '');
    expect(codes.length).toBeGreaterThan(20);
    expect([...new Set(codes)].filter((code) => !page.includes(code))).toEqual([]);
  });
});

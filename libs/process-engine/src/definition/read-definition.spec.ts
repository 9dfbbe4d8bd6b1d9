import { jest } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDefinition } from './read-definition.js';
import { compiledOf, problemsOf } from './testing/definitions.js';
import { NIGHTLY, PROBE, RELEASE } from './testing/examples.js';

it.each([
  ['a release', RELEASE],
  ['a nightly load', NIGHTLY],
  ['a loop with a gateway', PROBE],
])('%s is read without a problem', (_, text) => {
  const { problems, compiled, converted } = readDefinition(text);
  expect(problems).toEqual([]);
  expect(compiled).toBeDefined();
  expect(converted).toEqual([]);
});

it('JSON and YAML of the same process give the same document', () => {
  const { document } = compiledOf(RELEASE);
  expect(compiledOf(JSON.stringify(document)).document).toEqual(document);
  expect(readDefinition(JSON.stringify(document, null, 2), { format: 'json' }).document).toEqual(document);
});

it('a file from Windows is read like any other', () => {
  const { document } = compiledOf(PROBE);
  expect(compiledOf(`\uFEFF${PROBE.replaceAll('\n', '\r\n')}`).document).toEqual(document);
  expect(compiledOf(`\uFEFF${JSON.stringify(document)}`).document).toEqual(document);
});

it('a definition that can be shown but not run has a document and no compiled process', () => {
  const { document, compiled, problems } = readDefinition(PROBE.replace('next: give_up', 'next: gone'));
  expect(document?.name).toBe('wait-until-ready');
  expect(compiled).toBeUndefined();
  expect(problems.map(({ code }) => code)).toContain('definition.unknown-node');
});

it('warnings do not keep a definition from running', () => {
  const { compiled, problems } = readDefinition(PROBE.replace(', next: probe }', ' }'));
  expect(problems.map(({ severity, code }) => [severity, code])).toEqual([['warning', 'definition.runs-on']]);
  expect(compiled).toBeDefined();
});

it.each([
  ['nothing at all', '', ['1:1 error definition.invalid-value : `the definition`: a map is needed, not null']],
  ['a text', 'hello', ['1:1 error definition.invalid-value : `the definition`: a map is needed, not a text']],
  ['a list', '- a', ['1:1 error definition.invalid-value : `the definition`: a map is needed, not a list']],
])('%s is no definition', (_, text, expected) => {
  expect(problemsOf(text)).toEqual(expect.arrayContaining(expected));
});

it('an empty map lacks everything', () => {
  expect(problemsOf('{}')).toEqual([
    '1:1 error definition.missing-key apiVersion: `apiVersion` is missing',
    '1:1 error definition.missing-key kind: `kind` is missing',
    '1:1 error definition.missing-key name: `name` is missing',
    '1:1 error definition.missing-key flow: `flow` is missing',
  ]);
});

it('the older format is recognised by its keys', () => {
  const legacy = {
    process_info: { process_id: '1001', process_name: 'old' },
    task_nodes: [
      { task_id: 'a', task_name: 'a', task_type: 'start', prev_id: null, next_id: 'b' },
      { task_id: 'b', task_name: 'b', task_type: 'common', task_module: 'BuiltIn', method_name: 'nothing', prev_id: 'a', next_id: 'c' },
      { task_id: 'c', task_name: 'c', task_type: 'end', prev_id: 'b', next_id: null },
    ],
  };
  const { problems } = readDefinition(JSON.stringify(legacy, null, 2));
  for (const { code } of problems) expect(code).not.toBe('definition.unknown-key');
});

const LEGACY = join(import.meta.dirname, '../../../../examples/legacy');

function legacyExamples(): [string, string][] {
  const files = readdirSync(LEGACY).filter((file) => file.endsWith('.json'));
  return files.map((file) => [`${file} of the older format`, readFileSync(join(LEGACY, file), 'utf8')]);
}

// Hundreds of runs on a machine that may be busy with other things.
jest.setTimeout(120_000);

describe('whatever comes is answered with problems, never with an exception', () => {
  const answer = (text: string) => {
    const { document, problems } = readDefinition(text);
    if (document === undefined) expect(problems.length).toBeGreaterThan(0);
    for (const { line, column, message } of problems) {
      expect(message).not.toBe('');
      if (line !== undefined) expect(Math.min(line, column ?? 0)).toBeGreaterThan(0);
    }
  };

  it('any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => answer(JSON.stringify(value))),
      { numRuns: 500 },
    );
  });

  it('any characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => answer(text)),
      { numRuns: 500 },
    );
  });

  it('a good definition with lines taken out, doubled or swapped', () => {
    const lines = RELEASE.split('\n');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(lines.length - 1), fc.constantFrom('remove', 'double', 'swap', 'indent')), { maxLength: 5 }),
        (edits) => {
          const edited = [...lines];
          for (const [index, edit] of edits) {
            if (edit === 'remove') edited.splice(index, 1);
            else if (edit === 'double') edited.splice(index, 0, edited[index] ?? '');
            else if (edit === 'indent') edited[index] = `  ${edited[index] ?? ''}`;
            else [edited[index], edited[0]] = [edited[0] ?? '', edited[index] ?? ''];
          }
          answer(edited.join('\n'));
        },
      ),
      { numRuns: 150 },
    );
  });

  /** Keys and words that every JavaScript object has, and values whose text is no text. */
  const inherited = fc.constantFrom('toString', 'valueOf', 'constructor', 'hasOwnProperty', '__proto__');
  const hostile = fc.oneof(
    inherited,
    fc.dictionary(inherited, fc.constantFrom(0, null, 'x')),
    fc.array(fc.dictionary(inherited, fc.constant(1)), { maxLength: 2 }),
    fc.jsonValue({ maxDepth: 2 }),
  );

  it.each([['a good definition', JSON.stringify(compiledOf(RELEASE).document)], ...legacyExamples()])(
    '%s with values exchanged',
    (_, text) => {
      const values = [...text.matchAll(/"(?:[^"\\]|\\.)*"|\d+/g)].map((match) => ({ at: match.index, length: match[0].length }));
      fc.assert(
        fc.property(fc.nat(values.length - 1), hostile, (index, value) => {
          const { at, length } = values[index] ?? { at: 0, length: 0 };
          answer(text.slice(0, at) + JSON.stringify(value) + text.slice(at + length));
        }),
        { numRuns: 150 },
      );
    },
  );
});

import type { Json } from '@orderlines/contracts';
import { MAX_DEFINITION_BYTES } from '@orderlines/contracts';
import { parseSource } from './parse.js';
import type { Source } from './source.js';

const read = (text: string, format: 'yaml' | 'json' = 'yaml'): Source => {
  const source = parseSource(text, { format });
  if (!('value' in source)) throw new Error(JSON.stringify(source));
  return source;
};
const problems = (text: string, format: 'yaml' | 'json' = 'yaml'): string[] => {
  const source = parseSource(text, { format });
  return 'value' in source ? [] : source.map(({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`);
};

describe('YAML 1.2', () => {
  it.each<[string, Json]>([
    ['a: 1\nb: [x, { c: ~ }]', { a: 1, b: ['x', { c: null }] }],
    ['a: yes\nb: on\nc: no', { a: 'yes', b: 'on', c: 'no' }],
    ['a: 2026-03-01', { a: '2026-03-01' }],
    ['a: 010', { a: 10 }],
    ['1: x', { '1': 'x' }],
    ['a: &x [1]\nb: *x', { a: [1], b: [1] }],
    ['a: |\n  x\n  y\n', { a: 'x\ny\n' }],
    ['', null],
  ])('%j is %j', (text, value) => {
    expect(read(text).value).toEqual(value);
  });

  it.each([
    ['a: 1\na: 2', '2:1 definition.duplicate-key: this key stands here twice; keep one of them'],
    ['a:\n  b: 1\n  b: 2', '3:3 definition.duplicate-key: this key stands here twice; keep one of them'],
    ['a: b: c', '1:4 definition.syntax: Nested mappings are not allowed in compact mappings'],
    ['\ta: 1', '1:1 definition.syntax: Tabs are not allowed as indentation'],
    ['a: 1\n--- \nb: 2', '2:1 definition.syntax: a file holds one definition; a second one begins here'],
    ['a: !python/object x', '1:4 definition.syntax: Unresolved tag: !python/object'],
    ['a: *b', '1:4 definition.syntax: there is no `&b` before this'],
    ['a: .inf', '1:4 definition.syntax: `.inf` and `.nan` are not numbers here'],
    ['a: 12345678901234567890', '1:4 definition.syntax: a number of this size loses digits; quote it'],
    ['a: {{ x }}', '1:5 definition.syntax: a key must be a text; a value that begins with `{` and is no map must be quoted'],
    ['a:\n  __proto__: x', '2:3 definition.syntax: `__proto__` cannot be a key; choose another'],
    ['? [a]\n: b', '1:3 definition.syntax: a key must be a text; a value that begins with `{` and is no map must be quoted'],
    ['a: &a [*a]', '1:1 definition.too-large: the definition cannot be taken: maps and lists are more than 200 levels deep'],
  ])('%j is refused: %s', (text, problem) => {
    expect(problems(text)).toContain(problem);
  });

  it('names several mistakes at once', () => {
    expect(problems('a: 1\na: 2\nb: .nan\nc: *d').length).toBe(3);
  });
});

describe('JSON', () => {
  it.each([
    ['{"a": 1,\n "b": [1, 2,]}', /^2:\d+ definition.syntax: not JSON/],
    ['{a: 1}', /^1:2 definition.syntax: not JSON/],
    ["{'a': 1}", /^1:2 definition.syntax: not JSON/],
    ['{"a": 1}\n// note', /definition.syntax/],
    ['{"a": 1, "a": 2}', /^1:10 definition.duplicate-key/],
    ['{"a": [1, 2}', /definition.syntax/],
    ['{"a": "text', /definition.syntax/],
    ['', /^1:1 definition.syntax: not JSON/],
    ['{"__proto__": {}}', /^1:2 definition.syntax: `__proto__` cannot be a key/],
  ])('%j is refused', (text, problem) => {
    expect(problems(text, 'json')[0]).toMatch(problem);
  });

  it('may be indented by tabs', () => {
    expect(read('{\n\t"a": [\n\t\t1\n\t]\n}', 'json').value).toEqual({ a: [1] });
  });
});

it('a map with very many keys is read in a moment, and a repeated key found in it', () => {
  const keys = Array.from({ length: 150_000 }, (_, index) => `k${index}: 1`).join('\n');
  expect(Object.keys(read(keys).value as object).length).toBe(150_000);
  expect(problems(`${keys}\nk7: 2`)).toEqual(['150001:1 definition.duplicate-key: this key stands here twice; keep one of them']);
});

describe('what is too large is refused before it does harm', () => {
  it('a text above 4 MiB', () => {
    expect(problems(`a: ${'x'.repeat(MAX_DEFINITION_BYTES)}`)).toEqual([
      '1:1 definition.too-large: a definition has 4 MiB at most; keep code and data in files',
    ]);
    expect(problems(`a: ${'数'.repeat(MAX_DEFINITION_BYTES / 2)}`)[0]).toMatch(/4 MiB/);
  });

  it('aliases that explode', () => {
    const bomb = Array.from(
      { length: 9 },
      (_, level) =>
        `a${level}: &a${level} [${
          level === 0
            ? 'x'
            : Array(9)
                .fill(`*a${level - 1}`)
                .join(', ')
        }]`,
    );
    expect(problems(bomb.join('\n'))).toEqual([
      '1:1 definition.too-large: the definition is nested too deeply, or its YAML aliases explode',
    ]);
  });

  it('a large value under many aliases', () => {
    const lines = [`a: &a [${Array(3000).fill('x').join(', ')}]`, ...Array.from({ length: 500 }, (_, index) => `b${index}: *a`)];
    expect(problems(lines.join('\n'))[0]).toMatch(/too large once its YAML aliases are followed/);
  });

  it.each([
    ['lists', '['.repeat(5_000)],
    ['maps', '{a: '.repeat(300) + '1' + '}'.repeat(300)],
    ['closed lists', '['.repeat(300) + ']'.repeat(300)],
  ])('%s in each other without end', (_, text) => {
    expect(problems(text)[0]).toMatch(/definition\.(too-large|syntax)/);
  });
});

describe('positions', () => {
  const text = `name: x
flow:
  - id: a
    with: { command: "echo \${{ params.a }} \${{ params.b }}" }
  - { id: b, next: c }
  - id: c
    text: |
      first line
      second \${{ vars.x }} line
    folded: >-
      one \${{ vars.y }}
      two
    none:
`;
  const source = read(text);
  const characterAt = ({ line, column }: { line: number; column: number }, length: number): string =>
    (text.split('\n')[line - 1] ?? '').slice(column - 1, column - 1 + length);

  it.each([
    [['name'], 'x'],
    [['flow', 0, 'id'], 'a'],
    [['flow', 1], '{ id: b'],
    [['flow', 1, 'next'], 'c }'],
    [['flow', 2, 'id'], 'c'],
    [['flow', 2, 'none'], 'none:'],
    [['flow', 1, 'missing'], '{ id: b'],
    [['flow', 9], '- id: a'],
  ])('the value at %j begins with %j', (path, begin) => {
    expect(characterAt(source.positionOf(path), begin.length)).toBe(begin);
  });

  it.each([
    [['flow', 1, 'next'], 'next: c'],
    [['flow', 0, 'with', 'command'], 'command:'],
  ])('the key at %j begins with %j', (path, begin) => {
    expect(characterAt(source.positionOfKey(path), begin.length)).toBe(begin);
  });

  it.each([
    [['flow', 0, 'with', 'command'], 'echo ${{ '.length, 'params.a'],
    [['flow', 0, 'with', 'command'], 'echo ${{ params.a }} ${{ '.length, 'params.b'],
    [['flow', 2, 'text'], 'first line\nsecond ${{ '.length, 'vars.x'],
    [['flow', 2, 'folded'], 'one ${{ '.length, 'vars.y'],
  ])('the expression in %j at %i is %j', (path, offset, expected) => {
    expect(characterAt(source.positionIn(path, offset), expected.length)).toBe(expected);
  });

  it('of an alias is that of its anchor', () => {
    const aliased = read('a: &x { b: 1 }\nc: *x');
    expect(aliased.positionOf(['c', 'b'])).toEqual({ line: 1, column: 12 });
  });

  it('tells how a value was typed', () => {
    expect(read('a: 1.10\nb: [1]').typed(['a'])).toBe('1.10');
    expect(read('a: 1.10\nb: [1]').typed(['b'])).toBeUndefined();
  });
});

import { problemsOf, problemsOfFlow, withFlow } from '../testing/definitions.js';

const end = '  - { id: done, type: end }';

describe('keys', () => {
  it.each([
    [
      '- { id: a, uses: x, timout: 5s }',
      'definition.unknown-key flow[0].timout: `timout` is not a key of a node of type task; did you mean `timeout`?',
    ],
    [
      '- { id: a, uses: x, on_error: raise }',
      'definition.unknown-key flow[0].on_error: `on_error` is not a key of a node of type task; did you mean `onError`?',
    ],
    ['- { id: a, type: switch, cases: [], next: b }', 'definition.unknown-key flow[0].next: `next` is not a key of a node of type switch'],
    ['- { id: a, type: end, retry: { limit: 1 } }', 'definition.unknown-key flow[0].retry: `retry` is not a key of a node of type end'],
    [
      '- { id: a, uses: x, retry: { limt: 1, limit: 2 } }',
      'definition.unknown-key flow[0].retry.limt: `limt` is not a key of `retry`; did you mean `limit`?',
    ],
    [
      '- { id: a, uses: x, callbacks: [{ on: [SUCCESS], states: [SUCCESS], uses: log }] }',
      'definition.unknown-key flow[0].callbacks[0].on: `on` is not a key of `callbacks`',
    ],
    [
      '- { id: a, type: switch, cases: [{ wen: true, when: true, next: end }], default: end }',
      'definition.unknown-key flow[0].cases[0].wen: `wen` is not a key of `cases`; did you mean `when`?',
    ],
    ['- { id: a, uses: x, onError: { goto: end, to: b } }', 'definition.unknown-key flow[0].onError.to: `to` is not a key of `onError`'],
    ['- { uses: x }', 'definition.missing-key flow[0].id: `id` is missing'],
    ['- { id: a }', 'definition.missing-key flow[0].uses: `uses` is missing in node `a`'],
    ['- { id: a, type: switch, cases: [{ when: true }] }', 'definition.missing-key flow[0].cases[0].next: `next` is missing'],
    ['- { id: a, type: group }', 'definition.missing-key flow[0].flow: `flow` is missing in node `a`'],
  ])('%s', (flow, problem) => {
    expect(problemsOfFlow(`  ${flow}`)).toContain(problem);
  });

  it.each([
    ['concurency: 3\n', 'definition.unknown-key concurency: `concurency` is not a key of a process; did you mean `concurrency`?'],
    ['lables: { a: b }\n', 'definition.unknown-key lables: `lables` is not a key of a process; did you mean `labels`?'],
    ['onError: hold\n', 'definition.invalid-value onError: `onError` is one of `raise`, `ignore`, not `hold`'],
    ['maxVisits: 0\n', expect.stringMatching(/^definition.invalid-value maxVisits: `maxVisits`: /)],
    ['workspace: task\n', 'definition.invalid-value workspace: `workspace` is one of `run`, not `task`'],
  ])('%j on the top', (top, problem) => {
    expect(problemsOfFlow(end, top)).toContainEqual(problem);
  });
});

describe('what a task collects', () => {
  it.each([
    ['../secrets/*', 'no `..`'],
    ['/etc/passwd', 'no leading `/`'],
    ['a/../../b', 'no `..`'],
    ['dist\\\\a', 'files inside the folder'],
  ])('does not lead out of its folder: %s', (pattern, words) => {
    expect(problemsOfFlow(`  - { id: a, uses: x, collect: ["${pattern}"] }`)).toContainEqual(
      expect.stringMatching(new RegExp(`^definition.invalid-value flow\\[0\\].collect\\[0\\]: .*${words}`)),
    );
  });

  it('is written out, without expressions', () => {
    expect(problemsOfFlow('  - { id: a, uses: x, collect: ["${{ vars.a }}"] }').join()).toContain('flow[0].collect[0]');
    expect(problemsOfFlow('  - { id: a, uses: x, collect: [dist/*.tgz, "**/report-*.html"] }').join()).not.toContain('collect');
  });
});

describe('values', () => {
  it('are declared under names that cannot be lost on the way', () => {
    expect(problemsOf(withFlow(end).replace('name: version', 'name: __proto__'))).toContain(
      '4:18 error definition.invalid-value params[0].name: `name`: `__proto__` cannot be a name; choose another',
    );
  });

  it.each([
    ['- { id: a, type: forech }', 'definition.unknown-node-type flow[0].type: there is no node type `forech`; did you mean `foreach`?'],
    [
      '- { id: a, type: paralel, branches: {} }',
      'definition.unknown-node-type flow[0].type: there is no node type `paralel`; did you mean `parallel`?',
    ],
    ['- { id: "a b", uses: x }', 'definition.invalid-value flow[0].id: `id`: an id has 1 to 64 letters, digits, `_` or `-`'],
    ['- { id: __proto__, uses: x }', 'definition.invalid-value flow[0].id: `id`: `__proto__` cannot be a name; choose another'],
    [`- { id: ${'x'.repeat(65)}, uses: x }`, 'definition.invalid-value flow[0].id: `id`: an id has 1 to 64 letters, digits, `_` or `-`'],
    ['- { id: 12, uses: x }', 'definition.quote-it flow[0].id: `id` is a text; quote it: "12"'],
    ['- { id: a, name: 1.10, uses: x }', 'definition.quote-it flow[0].name: `name` is a text; quote it: "1.10"'],
    ['- { id: a, name: true, uses: x }', 'definition.quote-it flow[0].name: `name` is a text; quote it: "true"'],
    [
      '- { id: a, uses: x, timeout: 10 }',
      'definition.quote-it flow[0].timeout: `timeout`: write a duration with its unit, such as `500ms`, `10s`, `5m`, `2h` or `1d`',
    ],
    ['- { id: a, uses: x, with: [1] }', 'definition.invalid-value flow[0].with: `with`: a map is needed, not a list'],
    [
      '- { id: a, uses: x, idempotent: "yes" }',
      'definition.invalid-value flow[0].idempotent: `idempotent`: true or false is needed, not a text',
    ],
    [
      '- { id: a, uses: x, onError: retry }',
      'definition.invalid-value flow[0].onError: `onError`: write `raise`, `ignore`, `hold` or `{ goto: <node id> }`',
    ],
    [
      '- { id: a, uses: x, disabled: 1 }',
      'definition.invalid-value flow[0].disabled: `disabled`: write true, false or one `${{ expression }}`',
    ],
    ['- { id: a, uses: x, retry: { limit: -1 } }', expect.stringMatching(/^definition.invalid-value flow\[0\].retry.limit: `limit`: /)],
    [
      '- { id: a, uses: x, retry: { limit: 1, backoff: exponental } }',
      'definition.invalid-value flow[0].retry.backoff: `backoff` is one of `fixed`, `linear`, `exponential`, not `exponental`; did you mean `exponential`?',
    ],
    [
      '- { id: a, uses: x, retry: { limit: 1, reasons: [network] } }',
      expect.stringMatching(/^definition.invalid-value flow\[0\].retry.reasons\[0\]: .* is one of `user`, `plugin`/),
    ],
    [
      '- { id: a, uses: x, callbacks: [{ states: [FAILED], uses: log }] }',
      expect.stringMatching(/callbacks\[0\].states\[0\]: .*not `FAILED`; did you mean `FAILURE`\?|not `FAILED`/),
    ],
    [
      '- { id: a, type: parallel, join: some, branches: { x: [] } }',
      'definition.invalid-value flow[0].join: `join`: write `all`, `any` or a number of branches',
    ],
    ['- { id: a, type: end, status: FAILED }', expect.stringMatching(/`status` is one of `SUCCESS`, `FAILURE`, not `FAILED`/)],
    [
      '- { id: a, type: assign, set: { "a b": 1 } }',
      'definition.invalid-name flow[0].set["a b"]: `a b`: a name begins with a letter or `_`; letters of any alphabet, digits and `_` follow',
    ],
    ['- hello', 'definition.invalid-value flow[0]: `0`: a map is needed, not a text'],
  ])('%s', (flow, problem) => {
    expect(problemsOfFlow(`  ${flow}`)).toContainEqual(problem);
  });

  it.each(['a/b', 'a@1', ' a', 'a ', '', 'x'.repeat(129)])('the process name %j is refused', (name) => {
    const text = withFlow(end).replace('name: sample', `name: ${JSON.stringify(name)}`);
    expect(problemsOf(text)[0]).toMatch(/definition\.(invalid-value) name: `name`: a process name has 1 to 128 characters/);
  });

  it.each(['a', '夜间装载', 'Release of the shop (2)', 'x'.repeat(128)])('the process name %j is taken', (name) => {
    expect(problemsOf(withFlow(end).replace('name: sample', `name: ${JSON.stringify(name)}`))).toEqual([]);
  });
});

it('other mistakes are found in the same go, in the order of the text', () => {
  const flow = `  - { id: a, usess: x, next: gone }
  - { id: b, uses: x, with: { text: "\${{ params.versoin }}" }, timeout: 10 }
  - { id: c, type: forech }
  - { id: a, type: end, message: "\${{ 1 + }}" }`;
  expect(problemsOf(withFlow(flow, 'tiemout: 1h\n')).map((line) => line.replace(/: .*/, ''))).toEqual([
    '6:1 error definition.unknown-key tiemout',
    '8:5 error definition.missing-key flow[0].uses',
    '8:14 error definition.unknown-key flow[0].usess',
    '9:42 error definition.unknown-reference flow[1].with.text',
    '9:73 error definition.quote-it flow[1].timeout',
    '10:20 error definition.unknown-node-type flow[2].type',
    '11:11 error definition.duplicate-id flow[3].id',
    '11:42 error definition.expression flow[3].message',
  ]);
});

it('shows the first 200 problems of a hopeless definition and counts the rest', () => {
  const flow = Array.from({ length: 300 }, (_, index) => `  - { id: n${index}, uses: x, bad: 1 }`).join('\n');
  const problems = problemsOf(withFlow(flow));
  expect(problems.length).toBe(201);
  expect(problems.at(-1)).toMatch(/definition.more : and 100 more$/);
});

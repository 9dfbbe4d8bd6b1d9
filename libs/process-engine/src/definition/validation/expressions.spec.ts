import { problemsOf, problemsOfFlow, withFlow } from '../testing/definitions.js';

const task = (text: string) => `  - { id: a, uses: x, with: { text: ${JSON.stringify(text)} } }\n  - { id: b-2, uses: x }`;

describe('references', () => {
  it.each([
    ['params.versoin', 'there is no param `versoin`; did you mean `version`?'],
    ['vars.cuont', 'there is no variable `cuont`; did you mean `count`?'],
    ['vars.zzz', 'there is no variable `zzz`'],
    ['tasks.zzz.status', 'there is no node `zzz`'],
    ['tasks.b-2', "an id with `-` is written in brackets: `tasks['b-2']`"],
    ['run.idd', 'there is no part of `run` `idd`; did you mean `id`?'],
    ['param.version', '`param` is not known; did you mean `params`?'],
    ['version', '`version` is not known here; did you mean `params.version`?'],
    ['count + 1', '`count` is not known here; did you mean `vars.count`?'],
    ['a.result', '`a` is not known here; did you mean `tasks.a`?'],
    ['result.x', '`result.x` cannot be read here'],
    ['event.status', '`event.status` cannot be read here'],
    ['whatever', '`whatever` is not known; an expression here reads params, vars, tasks, run, secrets, config'],
  ])('%s', (source, message) => {
    expect(problemsOfFlow(task(`\${{ ${source} }}`))).toContain(`definition.unknown-reference flow[0].with.text: ${message}`);
  });

  it.each([
    'params.version',
    'vars.count',
    "vars['tags']",
    'tasks.a.status',
    "tasks['b-2'].failed",
    'run.url',
    'vars',
    'params[vars.tags[0]]',
    '[1].map(x, x)',
  ])('%s is known', (source) => {
    expect(problemsOfFlow(task(`\${{ ${source} }}`))).toEqual([]);
  });

  it.each([
    ['set sees result', '  - { id: a, uses: x, set: { count: "${{ result.n + vars.count }}" } }', []],
    [
      'a callback sees event',
      '  - { id: a, uses: x, callbacks: [{ states: [FAILURE], uses: log, with: { message: "${{ event.error.message }}" } }] }',
      [],
    ],
    ['retry.when sees event', '  - { id: a, uses: x, retry: { limit: 1, when: "${{ event.reason == \'infra\' }}" } }', []],
    [
      'a part of event that is none',
      '  - { id: a, uses: x, retry: { limit: 1, when: "${{ event.raeson == \'infra\' }}" } }',
      ['definition.unknown-reference flow[0].retry.when: there is no part of `event` `raeson`; did you mean `reason`?'],
    ],
    [
      'set of an unknown variable',
      '  - { id: a, uses: x, set: { coutn: 1 } }',
      ['definition.unknown-variable flow[0].set.coutn: there is no variable `coutn`; did you mean `count`?'],
    ],
    [
      'set of a variable nobody declared',
      '  - { id: a, uses: x, set: { zzz: 1 } }',
      ['definition.unknown-variable flow[0].set.zzz: there is no variable `zzz`; declare it in `variables`'],
    ],
  ])('%s', (_, flow, problems) => {
    expect(problemsOfFlow(flow)).toEqual(problems);
  });

  it('of a default are the run and the params before it', () => {
    const top = (value: string) =>
      withFlow('  - { id: a, uses: x }').replace(
        '{ name: version, type: string }',
        `{ name: version, type: string, default: "\${{ ${value} }}" }, { name: later, type: string }`,
      );
    expect(problemsOf(top('run.id'))).toEqual([]);
    expect(problemsOf(top('params.later'))[0]).toMatch(/`params.later` is not known yet: a default reads the params declared before it$/);
    expect(problemsOf(top('vars.count'))[0]).toMatch(/`vars.count` cannot be read here$/);
    expect(problemsOf(top('params.gone'))[0]).toMatch(/there is no param `gone`$/);
  });

  it('are looked for in every part of the definition', () => {
    const text = `apiVersion: orderlines/v1
kind: Process
name: all
timeout: "\${{ vars.a }}"
outputs: { x: "\${{ vars.b }}" }
callbacks: [{ states: [SUCCESS], uses: log, with: { message: ["\${{ vars.c }}"] } }]
setup: [{ id: s, uses: x, queueTimeout: "\${{ vars.d }}" }]
flow:
  - { id: t, uses: x, disabled: "\${{ vars.e }}", timeout: "\${{ vars.f }}", heartbeatTimeout: "\${{ vars.g }}", retry: { limit: 1, delay: "\${{ vars.h }}", maxDelay: "\${{ vars.i }}", budget: "\${{ vars.j }}" } }
  - { id: g, type: group, outputs: { x: "\${{ vars.k }}" }, flow: [{ id: u, type: delay, until: "\${{ vars.l }}" }], teardown: [{ id: w, type: delay, for: "\${{ vars.m }}" }] }
  - { id: p, type: parallel, branches: { x: [{ id: v, type: switch, cases: [{ when: "\${{ vars.n }}", next: end }] }] } }
teardown: [{ id: e, type: end, message: "\${{ vars.o }}" }]
`;
    const found = problemsOf(text).map((line) => /variable `(\w)`/.exec(line)?.[1]);
    expect([...found].sort().join('')).toBe('abcdefghijklmno');
  });
});

describe('syntax', () => {
  it('has its place in the text of the definition', () => {
    expect(problemsOf(withFlow('  - { id: a, uses: x, with: { text: "one ${{ params.version }} two ${{ 1 + }}" } }'))).toEqual([
      '7:75 error definition.expression flow[0].with.text: the expression ends too early',
    ]);
  });

  it('an opening without its end says what to do', () => {
    expect(problemsOfFlow('  - id: a\n    uses: x\n    with:\n      text: one ${{ params.version # and more }}')[0]).toMatch(
      /^definition.expression flow\[0\].with.text: `\$\{\{` has no `\}\}`; quote the whole text, since ` #` begins a comment in YAML/,
    );
  });
});

describe('what may stand where', () => {
  it.each([
    [
      'a condition of two expressions',
      '  - { id: a, uses: x, disabled: "${{ true }}${{ true }}" }',
      'definition.condition flow[0].disabled: a condition is true, false or exactly one `${{ expression }}`',
    ],
    [
      'a condition that is a text',
      '  - { id: s, type: switch, cases: [{ when: "yes", next: end }] }',
      'definition.condition flow[0].cases[0].when: a condition is true, false or exactly one `${{ expression }}`',
    ],
    [
      'retry.when without an expression',
      '  - { id: a, uses: x, retry: { limit: 1, when: "true" } }',
      'definition.condition flow[0].retry.when: exactly one `${{ expression }}` is needed here',
    ],
    [
      'a duration that is none',
      '  - { id: a, uses: x, timeout: soon }',
      'definition.duration flow[0].timeout: a duration such as `500ms`, `10s`, `5m`, `2h` or `1d`, or a number of seconds is needed, not `soon`',
    ],
    [
      'a duration without its unit',
      '  - { id: a, uses: x, timeout: "10" }',
      'definition.duration flow[0].timeout: a duration such as `500ms`, `10s`, `5m`, `2h` or `1d`, or a number of seconds is needed, not `10`',
    ],
    [
      'a duration of years',
      '  - { id: a, type: delay, for: 4000d }',
      'definition.duration flow[0].for: a duration lies between 0 and 366 days, not `4000d`',
    ],
    ...['timeout: 0s', 'queueTimeout: 0ms', 'heartbeatTimeout: 0m', 'retry: { limit: 1, budget: 0d }'].map((setting) => [
      `a limit of nothing, ${setting}`,
      `  - { id: a, uses: x, ${setting} }`,
      `definition.duration flow[0].${/budget/.test(setting) ? 'retry.budget' : setting.split(':')[0]}: a limit of 0 ends everything before it begins; leave the key out, or write a longer one`,
    ]),
    [
      'a moment that is none',
      '  - { id: a, type: delay, until: tomorrow }',
      'definition.date flow[0].until: `tomorrow` is not a date; write it as 2026-03-01 or 2026-03-01T08:00:00Z',
    ],
  ])('%s', (_, flow, problem) => {
    expect(problemsOfFlow(flow)).toEqual([problem]);
  });

  it('the first value of a variable is fixed', () => {
    const text = withFlow('  - { id: a, uses: x }').replace('value: 0', 'value: "${{ params.version }}"');
    expect(problemsOf(text)[0]).toMatch(
      /^5:55 error definition.expression variables\[0\].value: the first value of a variable is fixed; set it by an `assign` node/,
    );
  });

  it.each([
    '  - { id: a, uses: x, timeout: "${{ vars.count }}s" }',
    '  - { id: a, type: delay, until: "${{ day(run.logicalTime, 1) }}" }',
    '  - { id: a, uses: x, disabled: true }',
  ])('%s is fine', (flow) => {
    expect(problemsOfFlow(flow)).toEqual([]);
  });
});

describe('a value spliced into a command or code', () => {
  it.each([
    ['command', 'echo ${{ params.version }}', 'params.version'],
    ['code', 'print(${{ vars.count }})', 'vars.count'],
    ['command', '${{ params.version }}', 'params.version'],
    ['command', 'echo ${{ quote(params.version) + params.version }}', 'quote(params.version) + params.version'],
  ])('in %s: %s is refused with the fix', (key, text, shown) => {
    expect(problemsOfFlow(`  - { id: a, uses: x, with: { ${key}: ${JSON.stringify(text)} } }`)).toEqual([
      `definition.spliced-into-code flow[0].with.${key}: a value in \`${key}\` would be executed; pass it by \`env: { VALUE: "\${{ ${shown} }}" }\` and read "$VALUE", or write \`\${{ quote(${shown}) }}\``,
    ]);
  });

  it.each([
    ['command', 'echo ${{ quote(params.version) }}'],
    ['command', 'echo ${{ params.version.quote() }}'],
    ['command', 'echo $${{ params.version }}'],
    ['command', 'echo "$VERSION"'],
    ['message', 'version ${{ params.version }}'],
  ])('in %s: %s is fine', (key, text) => {
    expect(problemsOfFlow(`  - { id: a, uses: x, with: { ${key}: ${JSON.stringify(text)} } }`)).toEqual([]);
  });

  it('is refused in callbacks too, and not in nested inputs of that name', () => {
    expect(
      problemsOfFlow(
        '  - { id: a, uses: x, callbacks: [{ states: [SUCCESS], uses: shell, with: { command: "echo ${{ event.status }}" } }] }',
      ).length,
    ).toBe(1);
    expect(problemsOfFlow('  - { id: a, uses: x, with: { body: { code: "${{ vars.count }}" } } }')).toEqual([]);
  });
});

describe('secrets', () => {
  const secrets = new Map([
    ['', ['shared']],
    ['default', ['token']],
  ]);

  it('of the namespace and of all are known; one that is not there yet is a warning', () => {
    expect(problemsOfFlow(task('${{ secrets.token }} ${{ secrets.shared }}'), '', { secrets })).toEqual([]);
    expect(problemsOfFlow(task('${{ secrets.tokn }}'), '', { secrets })).toEqual([
      'definition.unknown-secret flow[0].with.text: there is no secret `tokn` yet; did you mean `token`?',
    ]);
    expect(problemsOfFlow(task('${{ secrets.unknown_here }}'))).toEqual([]);
  });

  it('decide nothing', () => {
    expect(problemsOfFlow('  - { id: a, uses: x, disabled: "${{ secrets.token == \'x\' }}" }', '', { secrets })).toEqual([
      expect.stringMatching(/^definition.unknown-reference flow\[0\].disabled: a secret can be passed on/),
    ]);
  });
});

import type { Json } from '@orderlines/contracts';
import { parseExpression } from './expression.js';
import { LimitExceeded, MAX_SIZE } from './budget.js';
import { evaluate, mistakeOf, ROOTS } from './testing/expressions.js';

describe('numbers are one thing to a person', () => {
  it.each([
    ['7 / 2', 3.5],
    ['6 / 2', 3],
    ['params.n + 1', 11],
    ['1 + params.n', 11],
    ['10 - params.n', 0],
    ['params.n / 4', 2.5],
    ['params.n % 3', 1],
    ['params.n * 2.5', 25],
    ['params.n > 3.5', true],
    ['params.n >= 10', true],
    ['params.n == 10.0', true],
    ['params.n != 10', false],
    ['-params.n', -10],
    ['- -3', 3],
    ['0 * -1', 0],
    ['size(vars.regions) + 1', 3],
    ['vars.regions[2 - 1]', 'us'],
    ['5u + 0x10', 21],
    ['1e3 + 1', 1001],
    ['0.1 + 0.2 > 0.3', true],
    ['vars["数量"] * 2', 6],
    ['1 + 2 * 3 - 4 / 2', 5],
    ['(1 + 2) * 3', 9],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toStrictEqual(expected);
  });

  it.each(['1 / 0', '1 % 0', 'params.n % 0', '1 / (params.n - 10)', '0 / 0', '1.5 / 0.0'])(
    '%s divides by zero, which is an error',
    (source) => {
      expect(mistakeOf(source).message).toBe('division by zero');
    },
  );

  it.each(['1e308 * 10', '-1e308 - 1e308', '1e308 + 1e308'])('%s leaves the numbers of JSON', (source) => {
    expect(mistakeOf(source).message).toBe('the number is too large');
  });
});

describe('operators', () => {
  it.each([
    ["'a' + 'b'", 'ab'],
    ["params.version + '-rc'", 'v1.2.3-rc'],
    ['[1] + [2, 3]', [1, 2, 3]],
    ["'a' < 'b'", true],
    ["'10' < '9'", true],
    ['false < true', true],
    ["1 == '1'", false],
    ['null == null', true],
    ['vars.empty == null', true],
    ['[1, [2]] == [1, [2]]', true],
    ['[1, 2] == [1]', false],
    ["{'a': 1, 'b': [2]} == {'b': [2], 'a': 1}", true],
    ["{'a': 1} == {'b': 1}", false],
    ["'eu' in vars.regions", true],
    ["'cn' in vars.regions", false],
    ["'a' in vars.tags", true],
    ["'constructor' in vars.tags", false],
    ['1 in vars.mixed', true],
    ['!params.yes', false],
    ["params.n > 5 ? 'many' : 'few'", 'many'],
    ["params.yes ? 1 : 'text'", 1],
    ['[]', []],
    ['{}', {}],
    ["{'a': [1, {'b': null}]}", { a: [1, { b: null }] }],
    ['true || nonsense.x', true],
    ['nonsense.x || true', true],
    ['false && nonsense.x', false],
    ['nonsense.x && false', false],
    ['false || true', true],
    ['true && false', false],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toStrictEqual(expected);
  });

  it.each([
    ["1 + 'a'", 'cannot add a number and a text; `string(x)` makes a text and `number(x)` a number'],
    ['1 + null', 'cannot add a number and null'],
    ["'a' - 1", '`-` needs two numbers, not a text and a number'],
    ["1 < '2'", 'cannot compare a number with a text; `number(x)` makes a number'],
    ['[1] < [2]', 'cannot compare a list with a list'],
    ["'a' in 'abc'", '`in` needs a list or a map, not a text; use `text.contains(part)`'],
    ['!1', 'a condition must be true or false, not a number'],
    ["'x' ? 1 : 2", 'a condition must be true or false, not a text'],
    ['1 && true', 'a condition must be true or false, not a number'],
    ['-[1]', '`-` needs two numbers, not a number and a list'],
    ['{1: 2}', 'a key must be a text, not a number'],
    ["b'x'", 'bytes are not supported; write a text'],
  ])('%s is refused: %s', (source, message) => {
    expect(mistakeOf(source).message).toBe(message);
  });
});

describe('reading', () => {
  it.each([
    ['params.version', 'v1.2.3'],
    ["params['version']", 'v1.2.3'],
    ["tasks['my-id'].result.ok", true],
    ['tasks.build.result.files[1].name', 'b'],
    ['tasks.never.status', 'PENDING'],
    ["tasks.never.?result.?path.orValue('none')", 'none'],
    ["tasks.build.?result.?path.orValue('none')", '/tmp'],
    ["tasks.never.result.?a.b.c.orValue('deep')", 'deep'],
    ['vars.regions[?5].orValue(0)', 0],
    ['vars.regions[?1].orValue(0)', 'us'],
    ["vars.tags[?'a'].orValue(0)", 1],
    ['vars.empty.?x.orValue(1)', 1],
    ['vars.tags.?z', null],
    ['vars.tags.?a', 1],
    ['vars.tags.?z.or(vars.tags.?b).orValue(9)', 2],
    ['has(vars.tags.a)', true],
    ['has(vars.tags.z)', false],
    ['has(vars.nothing.z)', false],
    ['has(vars.tags.constructor)', false],
    ['has(vars.empty)', true],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toStrictEqual(expected);
  });

  it.each([
    ['params.missing', 'there is no `missing`; where it may be missing, read `.?missing.orValue(…)`'],
    ['vars.tags.constructor', 'there is no `constructor`; where it may be missing, read `.?constructor.orValue(…)`'],
    ['vars.tags.__proto__', 'there is no `__proto__`; where it may be missing, read `.?__proto__.orValue(…)`'],
    ['vars.regions[2]', 'the list has 2 elements, there is no element 2'],
    ['vars.regions[0.5]', 'a list is indexed by a whole number, not by a number'],
    ["vars.regions['0']", 'a list is indexed by a whole number, not by a text'],
    ['vars.tags[0]', 'a map is read by a text, not by a number'],
    ['params.n.x', 'a number has no parts, so no `x`'],
    ['vars.empty.x', 'null has no parts, so no `x`'],
    ['elsewhere', '`elsewhere` is not known here'],
    ['toString', '`toString` is not known here'],
    ['params.n.orValue(1)', '`.orValue()` follows an optional, as in `a.?b.orValue(c)`'],
  ])('%s is an error: %s', (source, message) => {
    expect(mistakeOf(source).message).toBe(message);
  });

  it('says where in the expression the mistake is', () => {
    expect(mistakeOf('params.n + params.version').offset).toBe(0);
    expect(mistakeOf('1 + (2 * params.name)').offset).toBe('1 + ('.length);
    expect(mistakeOf('params.n + vars.nothing').offset).toBe('params.n + '.length);
    expect(mistakeOf('vars.regions.map(r, r / 2)').offset).toBe('vars.regions.map(r, '.length);
  });
});

describe('macros', () => {
  it.each([
    ['[1, 2, 3].map(n, n * 2)', [2, 4, 6]],
    ['[1, 2, 3].filter(n, n > 1)', [2, 3]],
    ['[1, 2, 3].map(n, n > 1, n * 10)', [20, 30]],
    ['[1, 2, 3].all(n, n > 0)', true],
    ['[1, 2, 3].exists(n, n > 2)', true],
    ['[1, 2, 3].exists_one(n, n > 2)', true],
    ['[1, 2, 3].exists_one(n, n > 1)', false],
    ['[].all(n, false)', true],
    ['[].exists(n, true)', false],
    ["vars.tags.map(k, k + '!')", ['a!', 'b!']],
    ['vars.tags.filter(k, vars.tags[k] > 1)', ['b']],
    [
      '[1, 2].map(x, [10, 20].map(y, x * y))',
      [
        [10, 20],
        [20, 40],
      ],
    ],
    ['[1, 2].map(params, params)', [1, 2]],
    ['tasks.build.result.files.filter(f, f.size > 3).map(f, f.name)', ['b']],
    ['sum(tasks.build.result.files.map(f, f.size))', 8],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toStrictEqual(expected);
  });

  it.each([
    ['params.n.map(x, x)', 'a list or a map is needed here, not a number'],
    ['[1].filter(x, x)', 'a condition must be true or false, not a number'],
  ])('%s is refused: %s', (source, message) => {
    expect(mistakeOf(source).message).toBe(message);
  });
});

describe('what cannot be read is named when the definition is saved', () => {
  it.each([
    ['', 'the expression is empty', 0],
    ['   ', 'the expression is empty', 0],
    ['params.n +', 'the expression ends too early', 10],
    ['params.n = 3', 'write `==` to compare', 9],
    ['vars.数量', "a name with letters other than a–z is written in brackets, as in `vars['数量']`", 5],
    ["'unclosed", 'unterminated string', 0],
    ['nope(1)', 'the function `nope` is not known', 0],
    ['summ([1])', 'the function `summ` is not known; did you mean `sum`?', 0],
    ['1 + params.n.upperr()', 'the function `upperr` is not known; did you mean `upper`?', 4],
    ['sum()', '`sum` takes 1 argument', 0],
    ["'a'.contains()", '`contains` takes 1 argument', 0],
    ['contains(1, 2, 3)', '`contains` takes 2 arguments', 0],
    ['[1].filter(x)', '`filter` takes 2 arguments', 0],
    ['[1].map(1 + 1, 2)', 'map(var, transform) invalid predicate iteration variable', 8],
    ['tasks[params.name].status', "name what you read: `tasks.<name>` or `tasks['<name>']`", 0],
    ['size(tasks)', "name what you read: `tasks.<name>` or `tasks['<name>']`", 5],
    ['secrets[params.name]', "name what you read: `secrets.<name>` or `secrets['<name>']`", 0],
  ])('%s', (source, message, offset) => {
    const mistake = mistakeOf(source);
    expect(mistake.message).toBe(message);
    expect(mistake.offset).toBe(offset);
  });

  it('refuses expressions that are long or nested beyond reason', () => {
    expect(mistakeOf(`'${'x'.repeat(9000)}'`).message).toMatch(/longer than 8192 characters/);
    expect(mistakeOf(`${'('.repeat(500)}1${')'.repeat(500)}`).message).toMatch(/maxDepth/);
    expect(mistakeOf(`1${' + 1'.repeat(1500)}`).message).toMatch(/maxAstNodes/);
    expect(mistakeOf('!'.repeat(8000)).message).toBeTruthy();
  });
});

describe('references', () => {
  const references = (source: string) => {
    const { tasks, vars, params, secrets } = parseExpression(source).references;
    return { tasks: [...tasks], vars: [...vars], params: [...params], secrets: [...secrets] };
  };

  it('are every name that an expression reads of a root', () => {
    expect(references("tasks.a.result.x + tasks['b'].y + vars.v + params.?p.orValue(secrets.s) + vars[?'w'].orValue(1)")).toEqual({
      tasks: ['a', 'b'],
      vars: ['v', 'w'],
      params: ['p'],
      secrets: ['s'],
    });
  });

  it('are found inside macros, maps, conditions and has()', () => {
    expect(references("[1].filter(x, x > vars.a).map(y, {'k': params.b}) + (has(tasks.c.d) ? [vars.e] : [-vars.f, !vars.g])")).toEqual({
      tasks: ['c'],
      vars: ['a', 'e', 'f', 'g'],
      params: ['b'],
      secrets: [],
    });
  });

  it('do not include the names that a macro binds', () => {
    expect(references('[1].map(tasks, tasks + 1)')).toEqual({ tasks: [], vars: [], params: [], secrets: [] });
    expect(references('vars.list.map(v, v.vars)').vars).toEqual(['list']);
  });

  it('of a computed name are those inside the brackets', () => {
    expect(references('vars[params.which]')).toEqual({ tasks: [], vars: [], params: ['which'], secrets: [] });
  });

  it('know their place', () => {
    expect(parseExpression('1 + vars.a * run.id.size()').uses).toEqual([
      { root: 'vars', name: 'a', offset: 4 },
      { root: 'run', name: 'id', offset: 13 },
    ]);
  });
});

describe('an expression is ended when it asks for too much', () => {
  const many = { ...ROOTS, vars: { list: Array.from({ length: 3000 }, (_, index) => index), long: 'a'.repeat(200_000) } };

  it.each([
    ['two nested macros over a long list', 'vars.list.map(x, vars.list.map(y, y))'],
    ['a filter inside of a filter', 'vars.list.filter(x, vars.list.exists(y, y < 0))'],
    ['a long text looked through again and again', "vars.list.map(x, vars.long.contains('b'))"],
    ['a pattern over a long text', "vars.long.matches('^(a+)+$') && vars.long.matches('(a|b)*a(a|b){200}')"],
    ['a text made again and again', "vars.list.map(x, vars.long + 'x')"],
    ['a sum that never ends', 'sum(range(1000000))'],
    ['a list compared with all others', 'distinct(vars.list.map(x, [x]))'],
    ['hashes of a long text', 'vars.list.map(x, hash(vars.long))'],
    ['splits into single characters', "vars.list.map(x, vars.long.split(''))"],
    ['a swallowed limit', 'vars.list.map(x, vars.list.map(y, y)) == [] || true'],
  ])('%s', (_, source) => {
    expect(mistakeOf(source, many)).toBeInstanceOf(LimitExceeded);
  });

  it('refuses a value above 1 MiB', () => {
    const big = { vars: { text: 'x'.repeat(MAX_SIZE), list: ['y'.repeat(MAX_SIZE / 2), 'y'.repeat(MAX_SIZE / 2)] } };
    expect(mistakeOf('vars.text', big)).toBeInstanceOf(LimitExceeded);
    expect(mistakeOf('vars.list', big)).toBeInstanceOf(LimitExceeded);
    expect(evaluate('size(vars.list)', big)).toBe(2);
  });

  it('refuses values that are nested beyond reason', () => {
    let deep: Json = [];
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    expect(mistakeOf('vars.deep', { vars: { deep } }).message).toBe('a value is nested too deeply');
    expect(mistakeOf('hash(vars.deep)', { vars: { deep } })).toBeInstanceOf(LimitExceeded);
    expect(mistakeOf('vars.deep == [vars.deep]', { vars: { deep } })).toBeInstanceOf(LimitExceeded);
  });

  it('leaves ordinary work alone', () => {
    expect(evaluate('sum(vars.list.filter(x, x % 2 == 0).map(x, x * 2))', many)).toBe(4_497_000);
  });
});

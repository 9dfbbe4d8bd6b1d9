import { parseSource } from './parse.js';

test('probe', () => {
  for (const [t, f] of [
    ['a: 1\nb: [1, {c: x}]\n', 'yaml'],
    ['a: 1\na: 2', 'yaml'],
    ['{"a": 1,\n\t"b": [1,\n\t\t2], "a": 3}', 'json'],
    ['{"a": 1,\n\t"b": [1,\n\t\t2,]}', 'json'],
    ['{a: 1}', 'json'],
    ['a: !foo x', 'yaml'],
    ['a: &x [1]\nb: *x\nc: *y', 'yaml'],
    ['a: .inf', 'yaml'],
    ['? [a]\n: b', 'yaml'],
    ['a: &a [*a]', 'yaml'],
    ['a: b: c', 'yaml'],
    ['- a\n--- \n- b', 'yaml'],
    ['a: 2026-01-01\nb: yes\nc: 010', 'yaml'],
    ['', 'yaml'],
    ['[', 'json'],
    ['['.repeat(100000), 'yaml'],
    ['a: "${{ x"', 'yaml'],
    ['"a": 1 ${{ x # y }}', 'yaml'],
    ['a: ${{ x }}', 'yaml'],
    ['a: 123456789012345678901234567890', 'yaml'],
    ['a: {{ x }}', 'yaml'],
    ['~: 3', 'yaml'],
    ["on: 3\n'on': 4", 'yaml'],
    ['a: *b', 'yaml'],
    ['\ta: 1', 'yaml'],
    ['a: |\n x\n\ty', 'yaml'],
  ] as const) {
    const t0 = performance.now();
    const s = parseSource(t, { format: f });
    console.log(JSON.stringify(t.slice(0, 50)), f, JSON.stringify('value' in s ? s.value : s), (performance.now() - t0).toFixed(1));
  }
  let bomb = 'a0: &a0 [x,x,x,x,x,x,x,x,x]\n';
  for (let i = 1; i < 9; i++)
    bomb += `a${i}: &a${i} [${Array(9)
      .fill(`*a${i - 1}`)
      .join(',')}]\n`;
  console.log(JSON.stringify(parseSource(bomb, { format: 'yaml' })).slice(0, 300));
  const big = 'flow:\n' + '  - { id: a, uses: shell, with: { command: "echo hello world" } }\n'.repeat(6000);
  let t0 = performance.now();
  const r = parseSource(big, { format: 'yaml' });
  console.log(big.length, 'value' in r, performance.now() - t0);
  const j = JSON.stringify({
    flow: Array.from({ length: 5000 }, (_, i) => ({ id: 'a' + i, uses: 'shell', with: { command: 'echo hello' } })),
  });
  t0 = performance.now();
  const q = parseSource(j, { format: 'json' });
  console.log(j.length, 'value' in q, performance.now() - t0);
});

const process = (name: string, body: object): string =>
  JSON.stringify({ apiVersion: 'orderlines/v1', kind: 'Process', namespace: 'bench', name, ...body });

const noOp = (id: string, index: number) => ({ id, uses: 'math', with: { operation: 'add', a: index, b: 1 } });

/** A process of `length` no-op tasks one after the other; they run inside the worker, so the engine is what is measured. */
export const chainProcess = (name: string, length: number): string =>
  process(name, { flow: Array.from({ length }, (_, index) => noOp(`step_${index + 1}`, index)) });

/** `length` javascript tasks one after the other, each computing a Fibonacci number the slow way. */
export const fibonacciProcess = (name: string, length: number, n: number): string => {
  const code = 'const fibonacci = (n) => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));\nreturn { value: fibonacci(args.n) };';
  return process(name, {
    flow: Array.from({ length }, (_, index) => ({ id: `step_${index + 1}`, uses: 'javascript', with: { code, args: { n } } })),
  });
};

/** One run of many no-op tasks at once: as many items as the list `items` it is started with has. */
export const wideProcess = (name: string): string =>
  process(name, {
    params: [{ name: 'items', type: 'list', required: true }],
    flow: [{ id: 'all', type: 'foreach', items: '${{ params.items }}', concurrency: 1_000, flow: [noOp('one', 1)] }],
  });

/** Seventeen nodes with gateways, assignments, a loop and parallel lanes; eleven tasks are run. */
export const gatewaysProcess = (name: string): string =>
  process(name, {
    variables: [{ name: 'round', type: 'integer', value: 0 }],
    flow: [
      noOp('first', 1),
      { id: 'count', type: 'assign', set: { round: '${{ vars.round + 1 }}' } },
      noOp('work', 2),
      { id: 'again', type: 'switch', cases: [{ when: '${{ vars.round < 3 }}', next: 'count' }], default: 'lanes' },
      {
        id: 'lanes',
        type: 'parallel',
        branches: { left: [noOp('left_1', 3), noOp('left_2', 4)], right: [noOp('right_1', 5), noOp('right_2', 6)] },
      },
      {
        id: 'which',
        type: 'switch',
        cases: [{ when: '${{ tasks.left_2.result.add_value > 100 }}', next: 'high' }],
        default: 'low',
      },
      { ...noOp('high', 7), next: 'collect' },
      { ...noOp('low', 8), next: 'collect' },
      { id: 'collect', type: 'group', flow: [noOp('inner_1', 9), { id: 'note', type: 'assign', set: { round: 0 } }] },
      noOp('last', 10),
      { id: 'done', type: 'end' },
    ],
  });

/** One task that writes this many lines. */
export const linesProcess = (name: string, lines: number): string =>
  process(name, { flow: [{ id: 'write', uses: 'shell', with: { command: `seq -f 'line %.0f of a log that somebody reads' ${lines}` } }] });

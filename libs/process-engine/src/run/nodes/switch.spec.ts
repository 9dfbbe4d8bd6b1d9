import { describe, expect, it } from '@jest/globals';
import { fails, processOf, Simulation, succeeds } from '../testing/index.js';

const gate = (cases: string, more = ''): ReturnType<typeof processOf> =>
  processOf(`
params: [{ name: n, type: integer }]
flow:
  - { id: build, uses: log, onError: ignore }
  - { id: other, uses: log }
  - { id: gate, type: switch, cases: ${cases}${more} }
  - { id: one, type: end, message: one }
  - { id: two, type: end, message: two }`);

describe('a gateway', () => {
  it('takes the first case that holds, in order, and evaluates it once', () => {
    const process = gate(`[{ when: "\${{ params.n > 1 }}", next: one }, { when: "\${{ params.n > 0 }}", next: two }]`);
    expect(new Simulation(process, { params: { n: 2 } }).play().outcome).toContain('one SUCCESS');
    expect(new Simulation(process, { params: { n: 1 } }).play().outcome).toContain('two SUCCESS');
  });

  it('tells the case it took in its result', () => {
    const run = new Simulation(gate(`[{ name: big, when: "\${{ params.n > 1 }}", next: two }]`), { params: { n: 2 } }).play();
    expect(run.row('gate').result).toEqual({ case: 'big', next: 'two' });
  });

  it('decides by the outcome of a node whose failure was ignored', () => {
    const process = gate(`[{ when: "\${{ tasks.build.failed }}", next: one }]`, ', default: two');
    expect(new Simulation(process, { script: { build: fails() } }).play().outcome).toContain('one SUCCESS');
    expect(new Simulation(process).play().outcome).toContain('two SUCCESS');
  });

  it('reads an error and the result kept with it', () => {
    const process = gate(
      `[{ when: "\${{ tasks.build.error.reason == 'user' && tasks.build.result.exitCode == 7 }}", next: one }]`,
      ', default: two',
    );
    const run = new Simulation(process, { script: { build: fails('exit code 7', 'user', { result: { exitCode: 7 } }) } }).play();
    expect(run.outcome).toContain('one SUCCESS');
    expect(run.store.loads).toBe(1);
  });

  it('without a case that holds and without a default fails', () => {
    const run = new Simulation(gate(`[{ when: "\${{ params.n > 5 }}", next: one }]`), { params: { n: 2 } }).play();
    expect(run.status).toBe('FAILURE');
    expect(run.row('gate')).toMatchObject({ status: 'FAILURE', error: { code: 'switch.no-case' } });
  });

  it('fails on an expression with its text, its place and the values at hand', () => {
    const run = new Simulation(gate(`[{ when: "\${{ tasks.build.result.missing > 1 }}", next: one }]`), {
      script: { build: succeeds({ found: 1 }) },
    }).play();
    const { error } = run.row('gate');
    expect(error).toMatchObject({ reason: 'expression', code: 'expression.failed' });
    expect(error?.message).toContain('tasks.build.result.missing > 1');
    expect(error?.detail).toMatchObject({ values: { 'tasks.build': { result: { found: 1 } } } });
  });

  it('refuses a case that is neither true nor false', () => {
    const run = new Simulation(gate(`[{ when: "\${{ params.n }}", next: one }]`), { params: { n: 2 } }).play();
    expect(run.row('gate').error?.code).toBe('expression.not-a-condition');
  });

  it('sees a node that was not reached as PENDING, with an empty result', () => {
    const process = processOf(`
flow:
  - { id: gate, type: switch, cases: [{ when: "\${{ tasks.later.status == 'PENDING' && tasks.later.?result.?path.orValue('') == '' }}", next: end }], default: later }
  - { id: later, uses: log }`);
    expect(new Simulation(process).play().outcome).toEqual(['gate SUCCESS']);
  });
});

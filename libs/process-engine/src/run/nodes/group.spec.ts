import { describe, expect, it } from '@jest/globals';
import { fails, processOf, Simulation, succeeds } from '../testing/index.js';

const withTeardown = processOf(`
flow:
  - id: g
    type: group
    setup: [{ id: before, uses: log }]
    flow: [{ id: work, uses: log }]
    teardown: [{ id: clean, uses: log }]
  - { id: after, uses: log }`);

describe('a group', () => {
  it('runs setup, flow and teardown as one unit', () => {
    const run = new Simulation(withTeardown).play();
    expect(run.outcome).toEqual(['g SUCCESS', 'before SUCCESS', 'work SUCCESS', 'clean SUCCESS', 'after SUCCESS']);
  });

  it('runs its teardown when its flow fails, and fails with the error of the flow', () => {
    const run = new Simulation(withTeardown, { script: { work: fails('boom'), clean: fails('clean-up broke') } }).play();
    expect(run.outcome).toEqual(['g FAILURE', 'before SUCCESS', 'work FAILURE', 'clean FAILURE']);
    expect(run.run.error?.message).toBe('g/work: boom');
  });

  it('skips its flow when its setup fails', () => {
    const run = new Simulation(withTeardown, { script: { before: fails() } }).play();
    expect(run.outcome).toEqual(['g FAILURE', 'before FAILURE', 'clean SUCCESS']);
  });

  it('is not failed by its teardown', () => {
    const run = new Simulation(withTeardown, { script: { clean: fails() } }).play();
    expect(run.status).toBe('SUCCESS');
    expect(run.row('clean').status).toBe('FAILURE');
  });

  it('gives its outputs, else the results of its nodes', () => {
    const process = processOf(`
flow:
  - { id: g, type: group, flow: [{ id: a, uses: log }, { id: b, uses: log }], outputs: { sum: "\${{ tasks.a.result.n + tasks.b.result.n }}" } }
  - { id: h, type: group, flow: [{ id: c, uses: log }, { id: i, type: group, flow: [{ id: d, uses: log }] }] }
  - { id: report, uses: log, with: { g: "\${{ tasks.g.result }}", h: "\${{ tasks.h.result }}" } }`);
    const script = { a: succeeds({ n: 1 }), b: succeeds({ n: 2 }), c: succeeds({ n: 3 }), d: succeeds({ n: 4 }) };
    const run = new Simulation(process, { script }).play();
    expect(run.row('report').input).toEqual({ g: { sum: 3 }, h: { c: { n: 3 }, i: { d: { n: 4 } } } });
    expect(run.row('g').result).toEqual({ sum: 3 });
  });

  it('fails when its outputs cannot be evaluated', () => {
    const run = new Simulation(processOf('flow: [{ id: g, type: group, flow: [], outputs: { n: "${{ 1 / 0 }}" } }]')).play();
    expect(run.row('g')).toMatchObject({ status: 'FAILURE', reason: 'expression' });
  });

  it('lets its nodes keep their own strategies, and its own apply to what they raise', () => {
    const process = processOf(`
flow:
  - id: g
    type: group
    onError: ignore
    flow:
      - { id: flaky, uses: log, retry: { limit: 1, delay: 1s } }
      - { id: soft, uses: log, onError: ignore }
      - { id: hard, uses: log }
  - { id: after, uses: log }`);
    const run = new Simulation(process, { script: { flaky: [fails(), succeeds()], soft: fails(), hard: fails('hard') } }).play();
    expect(run.outcome).toEqual(['g SKIP', 'flaky SUCCESS', 'soft SKIP', 'hard FAILURE', 'after SUCCESS']);
    expect(run.row('g')).toMatchObject({ skipReason: 'ignored', error: { message: 'g/hard: hard' } });
  });

  it('that takes longer than its timeout is ended, tears down and fails with timeout.run', () => {
    const process = processOf(`
flow:
  - id: g
    type: group
    timeout: 5s
    flow: [{ id: slow, uses: log }]
    teardown: [{ id: clean, uses: log }]`);
    const run = new Simulation(process, { script: { slow: { after: 60_000 }, clean: { after: 20_000 } } }).play();
    expect(run.row('g')).toMatchObject({ status: 'FAILURE', reason: 'timeout.run' });
    expect(run.row('slow')).toMatchObject({ status: 'STOP', reason: 'stopped', finishedAt: 5_100 });
    expect(run.row('clean')).toMatchObject({ status: 'SUCCESS', finishedAt: 25_100 });
    expect(run.run.error?.reason).toBe('timeout.run');
  });

  it('in a loop hides the outcomes of its last round from itself but shows them outside', () => {
    const process = processOf(`
variables: [{ name: round, type: integer, value: 0 }, { name: seen, type: list, value: [] }]
flow:
  - id: g
    type: group
    flow:
      - { id: look, type: assign, set: { seen: "\${{ vars.seen + [tasks.work.status] }}" } }
      - { id: work, uses: log }
  - { id: count, type: assign, set: { round: "\${{ vars.round + 1 }}", seen: "\${{ vars.seen + [tasks.work.status] }}" } }
  - { id: again, type: switch, cases: [{ when: "\${{ vars.round < 2 }}", next: g }], default: end }`);
    expect(new Simulation(process).play().run.variables.seen).toEqual(['PENDING', 'SUCCESS', 'PENDING', 'SUCCESS']);
  });
});

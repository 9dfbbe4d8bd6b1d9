import { describe, expect, it } from '@jest/globals';
import { fails, processOf, Simulation, succeeds } from './testing/index.js';

describe('a run', () => {
  it('runs its nodes one after another', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log }, { id: b, uses: log }]')).play();
    expect(run.status).toBe('SUCCESS');
    expect(run.outcome).toEqual(['a SUCCESS', 'b SUCCESS']);
    expect(run.run.finishedAt).toBe(2_000);
  });

  it('takes the way its gateway chooses by a result', () => {
    const process = processOf(`
flow:
  - { id: probe, uses: log }
  - { id: gate, type: switch, cases: [{ when: "\${{ tasks.probe.result.ready }}", next: done }], default: sad }
  - { id: sad, type: end, status: FAILURE, message: "not ready: \${{ tasks.probe.result.why }}" }
  - { id: done, type: end }
`);
    expect(new Simulation(process, { script: { probe: succeeds({ ready: true }) } }).play().outcome).toEqual([
      'probe SUCCESS',
      'gate SUCCESS',
      'done SUCCESS',
    ]);
    const sad = new Simulation(process, { script: { probe: succeeds({ ready: false, why: 'cold' }) } }).play();
    expect(sad.status).toBe('FAILURE');
    expect(sad.run.error).toMatchObject({ reason: 'user', message: 'not ready: cold' });
  });

  it('fails when a node raises, and says where', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log }, { id: b, uses: log }]'), { script: { a: fails('boom') } }).play();
    expect(run.status).toBe('FAILURE');
    expect(run.run.error).toEqual({ reason: 'user', message: 'a: boom' });
    expect(run.outcome).toEqual(['a FAILURE']);
  });
});

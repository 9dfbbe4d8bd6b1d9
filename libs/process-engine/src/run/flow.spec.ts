import { describe, expect, it } from '@jest/globals';
import { fails, processOf, Simulation, succeeds } from './testing/index.js';

describe('a flow', () => {
  it('runs its nodes one after another', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log }, { id: b, uses: log }]')).play();
    expect(run.status).toBe('SUCCESS');
    expect(run.outcome).toEqual(['a SUCCESS', 'b SUCCESS']);
    expect(run.run).toMatchObject({ phase: 'done', startedAt: 0, finishedAt: 2_000, deadlineAt: null });
  });

  it('jumps where next says, forward and to the end', () => {
    const run = new Simulation(
      processOf('flow: [{ id: a, uses: log, next: c }, { id: b, uses: log }, { id: c, uses: log, next: end }, { id: d, uses: log }]'),
    ).play();
    expect(run.outcome).toEqual(['a SUCCESS', 'c SUCCESS']);
    expect(run.status).toBe('SUCCESS');
  });

  it('fails when a node raises, and says where', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log }, { id: b, uses: log }]'), { script: { a: fails('boom') } }).play();
    expect(run.status).toBe('FAILURE');
    expect(run.run.error).toEqual({ reason: 'user', message: 'a: boom' });
    expect(run.outcome).toEqual(['a FAILURE']);
  });

  it('passes over a disabled node with its reason, also by an expression', () => {
    const run = new Simulation(
      processOf(`
params: [{ name: quick, type: boolean }]
flow: [{ id: a, uses: log, disabled: "\${{ params.quick }}" }, { id: b, uses: log }, { id: c, uses: log, disabled: true }]`),
      { params: { quick: true } },
    ).play();
    expect(run.outcome).toEqual(['a SKIP', 'b SUCCESS', 'c SKIP']);
    expect(run.row('a')).toMatchObject({ skipReason: 'disabled', failed: false });
  });

  it('ends in the status and with the message of its end node', () => {
    const process = processOf(`flow: [{ id: stop, type: end, status: FAILURE, message: "bad \${{ params.n }}" }, { id: never, uses: log }]
params: [{ name: n, type: integer }]`);
    const run = new Simulation(process, { params: { n: 3 } }).play();
    expect(run.status).toBe('FAILURE');
    expect(run.run.error).toMatchObject({ reason: 'user', message: 'bad 3' });
    expect(run.outcome).toEqual(['stop FAILURE']);
  });

  it('shows a message that is no text as JSON', () => {
    const process = processOf('flow: [{ id: stop, type: end, status: FAILURE, message: "${{ [{ \'missing\': 2 }] }}" }]');
    expect(new Simulation(process).play().run.error?.message).toBe('[{"missing":2}]');
  });

  it('knows of each node how often and when it ran, and of one not reached that it was not', () => {
    const process = processOf(`
variables: [{ name: seen, type: list, value: [] }]
flow:
  - { id: a, uses: log, retry: { limit: 2, delay: 1s } }
  - { id: look, type: assign, set: { seen: "\${{ [tasks.a.attempts, tasks.a.startedAt, tasks.a.finishedAt, tasks.b.attempts, tasks.b.startedAt] }}" } }
  - { id: b, uses: log }`);
    const run = new Simulation(process, { script: { a: [fails(), succeeds()] } }).play();
    expect(run.run.variables.seen).toEqual([2, '1970-01-01T00:00:02.000Z', '1970-01-01T00:00:03.000Z', 0, null]);
  });

  it('ends at once when it is empty', () => {
    expect(new Simulation(processOf('flow: []')).play().status).toBe('SUCCESS');
  });

  it('gives each task its arguments with the values of the moment', () => {
    const process = processOf(`
variables: [{ name: n, type: integer, value: 1 }]
flow:
  - { id: set, type: assign, set: { n: "\${{ vars.n + 1 }}" } }
  - { id: a, uses: log, with: { nested: [{ n: "\${{ vars.n }}" }], text: "n is \${{ vars.n }} in \${{ run.process }}" } }`);
    expect(new Simulation(process).play().row('a').input).toEqual({ nested: [{ n: 2 }], text: 'n is 2 in test' });
  });

  it('leaves the rest of a long chain of instant nodes to an immediate timer', () => {
    const chain = Array.from({ length: 3_500 }, (_, index) => `{ id: n${index}, type: assign }`).join(', ');
    const run = new Simulation(processOf(`flow: [${chain}]`));
    expect([...run.store.timers.values()]).toMatchObject([{ kind: 'continue', dueAt: 0 }]);
    expect(run.rows).toHaveLength(1_000);
    run.play();
    expect(run.status).toBe('SUCCESS');
    expect(run.rows).toHaveLength(3_500);
  });
});

describe('a loop', () => {
  const polling = processOf(`
variables: [{ name: tries, type: integer, value: 0 }]
flow:
  - { id: probe, uses: http.request, onError: ignore }
  - { id: again, type: assign, set: { tries: "\${{ vars.tries + 1 }}" } }
  - id: decide
    type: switch
    cases:
      - { when: "\${{ !tasks.probe.failed && tasks.probe.result.ready }}", next: done }
      - { when: "\${{ vars.tries >= 3 }}", next: give_up }
    default: pause
  - { id: pause, type: delay, for: 5s, next: probe }
  - { id: give_up, type: end, status: FAILURE, message: "not ready after \${{ vars.tries }} tries" }
  - { id: done, type: end }`);

  it('goes round until its gateway lets it out, with a new value each time', () => {
    const run = new Simulation(polling, { script: { probe: [fails(), succeeds({ ready: false }), succeeds({ ready: true })] } }).play();
    expect(run.status).toBe('SUCCESS');
    expect(run.run.variables).toEqual({ tries: 3 });
    expect(run.rows.filter((row) => row.nodeId === 'probe').map((row) => [row.visit, row.status])).toEqual([
      [1, 'SKIP'],
      [2, 'SUCCESS'],
      [3, 'SUCCESS'],
    ]);
  });

  it('gives up where the definition says', () => {
    const run = new Simulation(polling, { script: { probe: fails() } }).play();
    expect(run.run.error?.message).toBe('not ready after 3 tries');
  });

  it('that never ends is ended with reason policy after maxVisits', () => {
    const run = new Simulation(processOf('flow: [{ id: a, type: assign }, { id: b, type: assign, next: a }]\nmaxVisits: 50')).play();
    expect(run.status).toBe('FAILURE');
    expect(run.run.error).toMatchObject({ reason: 'policy', code: 'visits.exceeded' });
    expect(run.rows).toHaveLength(101);
  });

  it('is counted whatever its nodes are called', () => {
    const run = new Simulation(
      processOf(`
maxVisits: 3
variables: [{ name: seen, type: list, value: [] }]
flow:
  - { id: look, type: assign, set: { seen: "\${{ vars.seen + [tasks.constructor.status] }}" } }
  - { id: constructor, uses: log }
  - { id: toString, type: assign, next: look }`),
    ).play();
    expect(run.run.variables.seen).toEqual(['PENDING', 'SUCCESS', 'SUCCESS']);
    expect(run.row('constructor').visit).toBe(3);
    expect(run.run.error?.reason).toBe('policy');
  });

  it('made by a goto is ended as well, whatever onError says', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log, onError: { goto: a } }]\nmaxVisits: 5'), {
      script: { a: fails() },
    }).play();
    expect(run.run.error?.reason).toBe('policy');
    expect(run.rows).toHaveLength(6);
  });
});

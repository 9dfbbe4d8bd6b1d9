import { describe, expect, it } from '@jest/globals';
import { advance } from './advance.js';
import type { AdvanceContext } from './context.js';
import { documentOf } from './document.js';
import type { RunEvent } from './event.js';
import { processOf, Simulation } from './testing/index.js';
import { constantsFor, DEFAULT_SETTINGS } from './testing/store.js';
import type { Transition } from './transition.js';

const looping = (maxVisits: number, times: number): ReturnType<typeof processOf> =>
  processOf(`
maxVisits: ${maxVisits}
variables: [{ name: n, type: integer, value: 0 }]
flow:
  - { id: work, uses: log, set: { n: "\${{ vars.n + 1 }}" } }
  - { id: again, type: switch, cases: [{ when: "\${{ vars.n < ${times} }}", next: work }], default: end }`);

describe('a loop', () => {
  it('of 10,000 rounds does the same work and holds as much state in every one of them', () => {
    const process = looping(10_000, 10_000);
    let ids = 0;
    const context: AdvanceContext = {
      now: 0,
      settings: DEFAULT_SETTINGS,
      newId: () => `id-${String(ids++).padStart(8, '0')}`,
      newToken: () => 'token',
      random: () => 0.5,
      task: () => undefined,
      children: () => undefined,
      value: () => undefined,
    };
    const constants = constantsFor(process);
    let transition = advance(process, constants, null, { kind: 'start', run: constants.header, params: {} }, context);
    const apply = (event: RunEvent): Transition => (transition = advance(process, constants, transition.run, event, context));
    const sizes = new Set<string>();
    let rounds = 0;
    for (; transition.run.status === 'RUNNING'; rounds++) {
      const [execution] = Object.values(documentOf(transition.run).executions);
      const { id: taskInstanceId = '', attempt = 0, dispatch = 0 } = execution ?? {};
      apply({ kind: 'claim', taskInstanceId, attempt, dispatch, session: 's', worker: 'w', idempotent: true });
      const outcome = { status: 'SUCCESS', result: {} } as const;
      const { changes, run } = apply({ kind: 'finished', taskInstanceId, attempt, dispatch, token: 'token', outcome });
      // Counters grow by digits only.
      if (rounds >= 1_000 && rounds < 9_990)
        sizes.add([JSON.stringify(run.state).length, changes.created.length, changes.updated.length].join());
    }
    expect(rounds).toBe(10_000);
    expect(transition.run).toMatchObject({ status: 'SUCCESS', variables: { n: 10_000 } });
    expect(sizes.size).toBeLessThanOrEqual(2);
    expect(Number([...sizes][0]?.split(',')[0])).toBeLessThan(1_000);
  });

  it('that does not end is ended by maxVisits with reason policy', () => {
    const run = new Simulation(looping(20, 1_000_000)).play();
    expect(run.run).toMatchObject({ status: 'FAILURE', error: { reason: 'policy', code: 'visits.exceeded' } });
    expect(run.run.variables.n).toBe(20);
  });
});

import type { DebugAction } from '@orderlines/contracts';
import { allowedOnRun, allowsAction, DEBUG_RULES, RUN_STANDINGS, type RunStanding } from '@orderlines/process-engine';
import { startInstance } from './harness/load.js';
import { buildText } from './harness/runs.js';
import { expectRefused, standsAt, type Shown } from './harness/standings.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const HOLDS = 'uses: shell, idempotent: true, with: { command: "sleep 600" }';
const DONE = '{ id: before, type: assign, set: { n: 1 } }';
const STOPS = `${DONE}, { id: a, breakpoint: true, ${HOLDS} }`;
const TAKEN = `concurrency: { key: taken-by-debug, limit: 1, policy: queue }\nflow: [{ id: a, ${HOLDS} }]`;

/** How a debugged run comes to stand so; one that goes on is stopped before its node `a`. */
const RUNS: Readonly<Record<RunStanding, { readonly yaml: string; readonly first?: 'pause' | 'stop' }>> = {
  PENDING: { yaml: TAKEN },
  RUNNING: { yaml: `flow: [${STOPS}]` },
  PAUSED: { yaml: `flow: [${STOPS}]`, first: 'pause' },
  ENDING: { yaml: `flow: [${DONE.replace('before', 'body')}]\nteardown: [${STOPS}]` },
  SUCCESS: { yaml: `flow: [${DONE}]` },
  FAILURE: { yaml: `flow: [{ id: a, type: end, status: FAILURE, message: no }]` },
  STOP: { yaml: `flow: [${STOPS}]`, first: 'stop' },
};

/** What each action is asked with. */
const ACTIONS: { readonly [Name in DebugAction['action']]: object } = {
  step: {},
  into: {},
  continue: {},
  mock: { result: { exitCode: 0 } },
  skip: {},
  rerun: {},
  inputs: { input: { command: 'sleep 601' } },
  variables: { values: { n: 2 } },
  breakpoints: { set: ['a'], clear: [] },
  stop: {},
};
const NAMES = Object.keys(DEBUG_RULES) as DebugAction['action'][];

describe('the table of operations on debugged runs over HTTP', () => {
  let system: WholeSystem;
  const processes = new Map<RunStanding, string>();

  const build = async (name: string, yaml: string): Promise<string> => {
    const head = `apiVersion: orderlines/v1\nkind: Process\nname: ${name}\nvariables: [{ name: n, type: integer, value: 0 }]\n`;
    return (await buildText(system.platform, head + yaml)).id;
  };

  beforeAll(async () => {
    system = await startWholeSystem();
    for (const standing of RUN_STANDINGS) processes.set(standing, await build(`debugged-${standing.toLowerCase()}`, RUNS[standing].yaml));
    // Whoever waits for this key waits for this run.
    await startInstance(system.platform, await build('debugged-taker', TAKEN));
  });
  afterAll(() => system?.close());

  const post = (path: string, body: object): Promise<Response> =>
    system.platform.fetch(path, { method: 'POST', body: JSON.stringify(body) });

  const debug = (id: string, action: DebugAction['action']): Promise<Response> =>
    post(`instances/${id}/debug`, { action, ...ACTIONS[action] });

  const isStopped = ({ tasks }: Shown): boolean =>
    tasks.some(({ nodeId, waitReason }) => nodeId === 'a' && waitReason?.kind === 'breakpoint');

  const runAt = async (standing: RunStanding): Promise<Shown> => {
    const { yaml, first } = RUNS[standing];
    const answer = await post('instances', { process: processes.get(standing), mode: 'debug', stops: 'breakpoints' });
    const { id } = (await answer.json()) as { id: string };
    if (yaml.includes('breakpoint')) await standsAt(system.platform, id, 'is stopped', isStopped);
    if (first) expect((await post(`instances/${id}/${first}`, {})).status).toBe(200);
    return standsAt(system.platform, id, `stands at ${standing}`, ({ status, phase }) =>
      standing === 'ENDING' ? phase === 'teardown' : status === standing && phase !== 'stopping' && phase !== 'teardown',
    );
  };

  it.each(RUN_STANDINGS)(
    'of one that stands at %s',
    async (standing) => {
      const allowed = allowedOnRun(standing, true);
      const run = await runAt(standing);
      expect(run.allowed).toEqual(allowed);
      const possible = NAMES.filter((action) => allowsAction(standing, { action }));
      for (const action of NAMES.filter((each) => !possible.includes(each)))
        await expectRefused(await debug(run.id, action), allowed, run, { detail: standing === 'PAUSED' ? /resume it first/ : /needs/ });
      for (const action of possible) {
        const { id } = await runAt(standing);
        expect([standing, action, (await debug(id, action)).status]).toEqual([standing, action, 200]);
        await post(`instances/${id}/stop`, { force: true });
      }
    },
    120_000,
  );

  it('of one that is not debugged: nothing of it is possible', async () => {
    const id = await startInstance(system.platform, await build('not-debugged', `flow: [{ id: a, ${HOLDS} }]`));
    const run = await standsAt(system.platform, id, 'runs', ({ tasks }) => tasks.length > 0);
    for (const action of NAMES) await expectRefused(await debug(id, action), allowedOnRun('RUNNING'), run);
    await post(`instances/${id}/stop`, { force: true });
  });
});

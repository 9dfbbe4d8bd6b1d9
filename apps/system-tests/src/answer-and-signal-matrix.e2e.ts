import { allowedOnTask, type TaskStanding } from '@orderlines/process-engine';
import { startInstance } from './harness/load.js';
import { buildText } from './harness/runs.js';
import { expectRefused, standsAt, type ShownTask } from './harness/standings.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

/** Where a node that waits for people or for something elsewhere can stand. */
type Standing = Extract<TaskStanding, 'WAITING' | 'SUCCESS' | 'FAILURE' | 'HELD' | 'RAISED' | 'SKIP' | 'STOP'>;

/** What the node says beside its type, what is done to it while it waits, and the status it then has. */
const STANDINGS: Readonly<
  Record<Standing, { readonly says?: string; readonly after?: 'succeed' | 'fail' | 'stop the run'; readonly status: string }>
> = {
  WAITING: { status: 'WAITING' },
  SUCCESS: { after: 'succeed', status: 'SUCCESS' },
  FAILURE: { says: 'onError: { goto: later }', after: 'fail', status: 'FAILURE' },
  HELD: { says: 'onError: hold', after: 'fail', status: 'FAILURE' },
  RAISED: { after: 'fail', status: 'FAILURE' },
  SKIP: { says: 'disabled: true', status: 'SKIP' },
  STOP: { after: 'stop the run', status: 'STOP' },
};
const NAMES = Object.keys(STANDINGS) as Standing[];
const TYPES = { approval: 'users: [admin]', wait: 'signal: matrix, timeout: 1h' } as const;

describe('the doors of answers and signals, for every place a node may stand at', () => {
  let system: WholeSystem;

  beforeAll(async () => void (system = await startWholeSystem()));
  afterAll(() => system?.close());

  const post = (path: string, body: object = {}): Promise<Response> =>
    system.platform.fetch(path, { method: 'POST', body: JSON.stringify(body) });

  const nodeAt = async (standing: Standing, type: keyof typeof TYPES) => {
    const { says = '', after, status } = STANDINGS[standing];
    const keyed = type === 'wait' ? `, key: ${standing}` : '';
    const { id: process } = await buildText(
      system.platform,
      `apiVersion: orderlines/v1\nkind: Process\nname: ${type}-${standing.toLowerCase()}\nflow:\n` +
        `  - { id: a, type: ${type}, ${TYPES[type]}${keyed}${says && `, ${says}`} }\n` +
        `  - { id: later, uses: shell, idempotent: true, with: { command: sleep 600 } }\n`,
    );
    const id = await startInstance(system.platform, process);
    const isAt = (wanted: string) => (task: ShownTask) => task.nodeId === 'a' && task.status === wanted;
    const first = await standsAt(system.platform, id, 'has its node', ({ tasks }) => tasks.some(isAt(after ? 'WAITING' : status)));
    const { id: taskId, attempt } = first.tasks[0] as ShownTask;
    if (after) {
      const [path, body] = after === 'stop the run' ? ['stop', {}] : [`tasks/${taskId}/${after}`, { attempt }];
      expect((await post(`instances/${id}/${path}`, body)).status).toBe(200);
    }
    const run = await standsAt(
      system.platform,
      id,
      `has its node at ${standing}`,
      ({ tasks, status: now, phase }) =>
        tasks.some(isAt(status)) && (standing !== 'RAISED' || now === 'FAILURE') && (standing !== 'STOP' || phase === 'done'),
    );
    const task = run.tasks.find(isAt(status)) as ShownTask;
    expect(task.allowed).toEqual(allowedOnTask(standing, type));
    return { run, task };
  };

  const answer = (run: { id: string }, task: ShownTask): Promise<Response> =>
    post(`instances/${run.id}/tasks/${task.id}/approval`, { decision: 'approve' });

  it.each(NAMES)('an answer to an approval at %s', async (standing) => {
    const { run, task } = await nodeAt(standing, 'approval');
    const said = await answer(run, task);
    if (standing === 'WAITING') expect(said.status).toBe(200);
    else await expectRefused(said, [], run, { code: 'approval.closed' });
    await post(`instances/${run.id}/stop`, { force: true });
  });

  it.each(NAMES)('a signal for a wait at %s, and an answer to it', async (standing) => {
    const { run, task } = await nodeAt(standing, 'wait');
    await expectRefused(await answer(run, task), [], run, { code: 'approval.not-one', detail: /takes no answer/ });
    // A signal never knocks in vain: one that nobody waits for is kept for a wait to come.
    const sent = await post('signals', { name: 'matrix', key: standing });
    expect([sent.status, await sent.json()]).toMatchObject([
      201,
      standing === 'WAITING' ? { instanceId: run.id, taskId: task.id } : { instanceId: null, taskId: null },
    ]);
    await post(`instances/${run.id}/stop`, { force: true });
  });
});

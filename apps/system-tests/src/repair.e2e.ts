import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildText, endOf, runThat, start, untilRunning, type Run } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

/** `work` fails until a file is there. */
const definition = (name: string, onError: string, more = '') => `
apiVersion: orderlines/v1
kind: Process
namespace: system-tests
name: ${name}
params: [{ name: file, type: string, required: true }]
variables: [{ name: greeting, type: string, value: hello }]
${more}
flow:
  - { id: before, uses: shell, with: { command: 'echo {\\"at\\":\\"before\\"}' } }
  - { id: work, uses: shell, onError: ${onError}, with: { command: 'test -e "$FILE"', env: { FILE: '\${{ params.file }}' } } }
  - { id: after, uses: shell, with: { command: 'true' } }
`;

const heldAt =
  (node: string) =>
  ({ tasks }: Run): boolean =>
    tasks.some(({ nodeId, status }) => nodeId === node && status === 'FAILURE');

describe('repairing a run by the command line', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  let held: string;
  let raised: string;
  let file: string;
  let count = 0;

  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('repair');
    held = (await buildText(system.platform, definition('held', 'hold'))).id;
    const teardown = "teardown: [{ id: clean, uses: shell, with: { command: 'true' } }]";
    raised = (await buildText(system.platform, definition('raised', 'raise', teardown))).id;
  });
  beforeEach(() => {
    file = join(folder.path, `file-${count++}`);
  });
  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  const heldRun = async (): Promise<string> => {
    const id = await start(system.platform, held, { file });
    await runThat(system.platform, id, 'holds', heldAt('work'));
    return id;
  };
  const steps = ({ tasks }: Run): string[] => tasks.map(({ nodeId, status }) => `${nodeId} ${status}`);

  it('retry repeats a held node in place, and the run goes on', async () => {
    const id = await heldRun();
    await writeFile(file, '');
    const run = await system.platform.json<Run>(['retry', id, 'work', '--wait']);
    expect(run.status).toBe('SUCCESS');
    expect(steps(run)).toEqual(['before SUCCESS', 'work SUCCESS', 'after SUCCESS']);
  });

  it('retry takes other arguments', async () => {
    const run = await system.platform.json<Run>(['retry', await heldRun(), 'work', '--input', '{"command":"true"}', '--wait']);
    expect(run.status).toBe('SUCCESS');
  });

  it('retry of the node that failed a run opens the run again', async () => {
    const id = await start(system.platform, raised, { file });
    expect((await endOf(system.platform, id)).status).toBe('FAILURE');
    await writeFile(file, '');
    const run = await system.platform.json<Run>(['retry', id, 'work', '--wait']);
    expect(run.status).toBe('SUCCESS');
    expect(steps(run)).toEqual(['before SUCCESS', 'work SUCCESS', 'clean SUCCESS', 'after SUCCESS', 'clean SUCCESS']);
  });

  it('skip, succeed and raise decide for a held node', async () => {
    const skipped = await system.platform.json<Run>(['skip', await heldRun(), 'work', '--wait']);
    expect(steps(skipped)).toEqual(['before SUCCESS', 'work SKIP', 'after SUCCESS']);
    const forced = await system.platform.json<Run>(['succeed', await heldRun(), 'work', '--result', '{"by":"hand"}', '--wait']);
    expect(forced.tasks[1]).toMatchObject({ status: 'SUCCESS', result: { by: 'hand' } });
    const { code, stdout } = await system.platform.orderlines(['raise', await heldRun(), 'work', '--wait', '--output', 'json']);
    expect({ code, status: (JSON.parse(stdout) as Run).status }).toEqual({ code: 1, status: 'FAILURE' });
  });

  it('fail ends what runs, stop-task stops it', async () => {
    const long = (await buildText(system.platform, definition('long', 'ignore').replace('test -e', 'sleep 300; test -e'))).id;
    const failed = await start(system.platform, long, { file });
    await untilRunning(system.platform, failed, 'work');
    expect(steps(await system.platform.json<Run>(['fail', failed, 'work', '--message', 'hangs', '--wait']))).toEqual([
      'before SUCCESS',
      'work SKIP',
      'after SUCCESS',
    ]);
    const stopped = await start(system.platform, long, { file });
    await untilRunning(system.platform, stopped, 'work');
    await system.platform.json(['stop-task', stopped, 'work']);
    expect(steps(await endOf(system.platform, stopped))).toEqual(['before SUCCESS', 'work STOP']);
  });

  it('set-variable wants a pause, and writes by the declared types', async () => {
    const id = await heldRun();
    const early = await system.platform.orderlines(['set-variable', id, 'greeting=hi']);
    expect({ code: early.code, stderr: early.stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('needs a paused run') });
    await system.platform.json(['paused-process', '-ps_id', id]);
    await system.platform.json(['set-variable', id, 'greeting=hi']);
    const wrong = await system.platform.orderlines(['set-variable', id, 'farewell=bye']);
    expect({ code: wrong.code, stderr: wrong.stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('is not declared') });
    const run = await system.platform.json<Run & { variables: object }>(['get', 'instances', id]);
    expect(run.variables).toEqual({ greeting: 'hi' });
    await system.platform.json(['stop', id, '--wait']);
  });

  it('rerun begins at a node and takes over what came before it', async () => {
    const id = await start(system.platform, raised, { file });
    await endOf(system.platform, id);
    await writeFile(file, '');
    const run = await system.platform.json<Run & { origin: string }>(['rerun', id, '--from', 'work', '--wait']);
    expect(run).toMatchObject({ status: 'SUCCESS', origin: 'rerun' });
    expect(steps(run)).toEqual(['before SUCCESS', 'work SUCCESS', 'after SUCCESS', 'clean SUCCESS']);
    expect(run.tasks.map((task) => 'reusedFrom' in task)).toEqual([true, false, false, false]);
    const { code, stderr } = await system.platform.orderlines(['rerun', id, '--from', 'clean']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('stands in setup or teardown') });
  });

  it('batch does it to all runs that fit, and says what it would do', async () => {
    interface Batch {
      readonly items: readonly { readonly id: string; readonly outcome: string; readonly nodes?: readonly string[] }[];
    }
    const ids = [await heldRun(), await heldRun()];
    const dry = await system.platform.json<Batch>(['batch', 'skip', ...ids, '--dry']);
    expect(dry.items.map(({ outcome, nodes }) => [outcome, nodes])).toEqual([
      ['allowed', ['work']],
      ['allowed', ['work']],
    ]);
    const done = await system.platform.json<Batch>(['batch', 'skip', ...ids]);
    expect(done.items.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    for (const id of ids) expect(steps(await endOf(system.platform, id))).toEqual(['before SUCCESS', 'work SKIP', 'after SUCCESS']);
    const again = await system.platform.orderlines(['batch', 'stop', ...ids]);
    expect(again).toMatchObject({ code: 1, stdout: expect.stringContaining('stop needs a run that has not ended') });
  });

  it('a refused operation says how the node stands and what is allowed', async () => {
    const id = await heldRun();
    const { code, stderr } = await system.platform.orderlines(['fail', id, 'before']);
    expect(code).toBe(2);
    expect(stderr).toContain('before is SUCCESS: fail needs a node that has not ended');
    const { stderr: why } = await system.platform.orderlines(['fail', id, 'work']);
    expect(why).toContain('allowed now: retry, skip, succeed, raise');
    await system.platform.json(['stop', id, '--wait']);
  });
});

import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, buildText, endOf, runThat, start, untilRunning, type Run } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';
import { WORKSPACE } from './harness/workspace.js';

const WITH_TEARDOWN = `
apiVersion: orderlines/v1
kind: Process
namespace: system-tests
name: with-teardown
params: [{ name: folder, type: string, required: true }]
flow:
  - { id: long, uses: shell, idempotent: true, with: { command: 'sleep 300' } }
teardown:
  - { id: clean, uses: shell, with: { command: 'touch "$FOLDER/cleaned"', env: { FOLDER: '\${{ params.folder }}' } } }
`;

/** Its first node runs until a file is there. */
const HOLDING = `
apiVersion: orderlines/v1
kind: Process
namespace: system-tests
name: holding
params: [{ name: folder, type: string, required: true }]
flow:
  - { id: held, uses: shell, idempotent: true, with: { command: 'until [ -e "$FOLDER/go" ]; do sleep 0.1; done', env: { FOLDER: '\${{ params.folder }}' } } }
  - { id: after, uses: log, with: { message: went on } }
`;

describe('operations on a run by the command line', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  let steps: string;
  let withTeardown: string;
  let holding: string;

  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('operations');
    steps = (await build(system.platform, join(WORKSPACE, 'apps/system-tests/src/processes/steps.yaml'))).id;
    withTeardown = (await buildText(system.platform, WITH_TEARDOWN)).id;
    holding = (await buildText(system.platform, HOLDING)).id;
  });

  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  it('stop-process cancels what runs, runs the teardown, and ends the run as STOP', async () => {
    const id = await start(system.platform, withTeardown, { folder: folder.path });
    await untilRunning(system.platform, id, 'long');
    const stopped = await system.platform.json<Run>(['stop-process', '-ps_id', id, '--wait']);
    expect(stopped.status).toBe('STOP');
    expect(stopped.tasks.map(({ nodeId, status }) => [nodeId, status])).toEqual([
      ['long', 'STOP'],
      ['clean', 'SUCCESS'],
    ]);
    expect(existsSync(join(folder.path, 'cleaned'))).toBe(true);
  });

  it('stop-process --force leaves the teardown out', async () => {
    const own = await temporaryFolder('force');
    const id = await start(system.platform, withTeardown, { folder: own.path });
    await untilRunning(system.platform, id, 'long');
    await system.platform.json(['stop-process', '-ps_id', id, '--force']);
    expect((await endOf(system.platform, id)).status).toBe('STOP');
    expect(existsSync(join(own.path, 'cleaned'))).toBe(false);
    await own.remove();
  });

  it('paused-process lets nothing new start, recover-process goes on to SUCCESS', async () => {
    const id = await start(system.platform, holding, { folder: folder.path });
    await untilRunning(system.platform, id, 'held');
    await system.platform.json(['paused-process', '-ps_id', id]);
    await writeFile(join(folder.path, 'go'), '');
    const paused = await runThat(system.platform, id, 'is at rest', ({ tasks }) => !tasks.some(({ status }) => status === 'RUNNING'));
    expect(paused.status).toBe('PAUSED');
    expect(paused.tasks.map(({ nodeId, status }) => [nodeId, status])).toEqual([['held', 'SUCCESS']]);
    const { code, stdout } = await system.platform.orderlines(['recover-process', '-ps_id', id, '--wait', '--output', 'json']);
    expect({ code, status: JSON.parse(stdout).status }).toEqual({ code: 0, status: 'SUCCESS' });
  });

  it('restart-process makes a new run with the same inputs', async () => {
    const id = await start(system.platform, steps, { folder: folder.path, seconds: 0 });
    const first = await endOf(system.platform, id);
    const again = await system.platform.json<Run>(['restart-process', '-ps_id', id, '--wait']);
    expect(again).toMatchObject({ status: 'SUCCESS', number: first.number + 1 });
    expect(again.id).not.toBe(first.id);
  });

  it('an operation that the state of the run does not allow is refused with exit code 2 and says what is allowed', async () => {
    const id = await start(system.platform, steps, { folder: folder.path, seconds: 0 });
    await endOf(system.platform, id);
    const { code, stderr } = await system.platform.orderlines(['paused-process', '-ps_id', id]);
    expect(code).toBe(2);
    expect(stderr).toContain('SUCCESS');
    expect(stderr).toContain('allowed now');
  });

  it('--clear_db is refused with the reason', async () => {
    const { code, stderr } = await system.platform.orderlines(['start-process', '-p_id', steps, '--clear_db']);
    expect(code).toBe(2);
    expect(stderr).toContain('history');
  });

  it('a failed run gives exit code 1, and --dry runs nothing', async () => {
    const { id } = await buildText(
      system.platform,
      'apiVersion: orderlines/v1\nkind: Process\nnamespace: system-tests\nname: fails\nflow: [{ id: no, uses: fail, with: { message: broken on purpose } }]',
    );
    const dry = await system.platform.orderlines(['start-process', '-p_id', id, '--dry', '--output', 'json']);
    expect(dry.code).toBe(0);
    expect(await system.platform.json(['get', 'instances', '--process', id])).toMatchObject({ items: [] });
    const { code, stdout } = await system.platform.orderlines(['start-process', '-p_id', id, '--wait', '--output', 'json']);
    const run = JSON.parse(stdout) as Run;
    expect({ code, status: run.status }).toEqual({ code: 1, status: 'FAILURE' });
    expect(run.error?.message).toContain('broken on purpose');
  });
});

import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../harness/free-port.js';
import { build, endOf, start, untilRunning } from '../harness/runs.js';
import { startWholeSystem, type WholeSystem } from '../harness/stores.js';
import { WORKSPACE } from '../harness/workspace.js';

const STEPS = join(WORKSPACE, 'apps/system-tests/src/processes/steps.yaml');
const RELEASE = join(WORKSPACE, 'examples/release.yaml');
const SHOP = join(WORKSPACE, 'examples/shop');

describe('a run whose services are killed', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  let steps: string;
  let release: string;

  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('steps');
    steps = (await build(system.platform, STEPS)).id;
    release = (await build(system.platform, RELEASE)).id;
  });

  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  it.each(['worker', 'executor'] as const)('kill -9 of the %s in the middle of the sample ends in SUCCESS', async (service) => {
    const id = await start(system.platform, release, { source: SHOP });
    await untilRunning(system.platform, id, 'unit');
    await system.platform[service].kill();
    await system.platform[service].start();
    const run = await endOf(system.platform, id);
    expect(run).toMatchObject({ status: 'SUCCESS', reason: null });
    expect(run.outputs?.['digest']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('kill -9 of the gateway loses nothing: the run goes on, and the same command line follows it again', async () => {
    const id = await start(system.platform, steps, { folder: folder.path, seconds: 3 });
    const watching = system.platform.orderlines(['watch', id, '--output', 'json']);
    await untilRunning(system.platform, id, 'second');
    await system.platform.gateway.kill();
    await system.platform.gateway.start();
    const { code, stdout, stderr } = await watching;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'SUCCESS' });
  });

  it('a frozen executor stops nobody: another one goes on, and the first comes back without harm', async () => {
    const second = system.platform.makeExecutor('executor-2', await freePort());
    await second.start();
    try {
      const id = await start(system.platform, steps, { folder: folder.path });
      await untilRunning(system.platform, id, 'first');
      system.platform.executor.freeze();
      const run = await endOf(system.platform, id);
      system.platform.executor.thaw();
      expect(run.status).toBe('SUCCESS');
      await system.platform.executor.ready();
    } finally {
      await second.stop();
    }
  });

  it('a worker that is told to end finishes what it has and takes nothing new', async () => {
    const own = await temporaryFolder('drain');
    try {
      const id = await start(system.platform, steps, { folder: own.path, seconds: 2 });
      await untilRunning(system.platform, id, 'first');
      await system.platform.worker.stop();
      await system.platform.worker.start();
      expect((await endOf(system.platform, id)).status).toBe('SUCCESS');
      expect((await readFile(join(own.path, 'steps'), 'utf8')).trim().split('\n')).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
    } finally {
      await own.remove();
    }
  });
});

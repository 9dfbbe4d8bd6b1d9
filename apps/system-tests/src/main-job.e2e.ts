import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './harness/command.js';
import { build, endOf, eventsOf, start, type Built, type Run } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';
import { WORKSPACE } from './harness/workspace.js';

const LOOP = join(WORKSPACE, 'examples/legacy/loop.yaml');
const RELEASE = join(WORKSPACE, 'examples/release.yaml');
const SHOP = join(WORKSPACE, 'examples/shop');

/** What every door must show of the sample. */
const expectReleased = (run: Pick<Run, 'status' | 'tasks'>) => {
  expect(run.status).toBe('SUCCESS');
  const nodes = run.tasks.map(({ nodeId }) => nodeId);
  for (const node of ['repository', 'checkout', 'unit', 'lint', 'pack', 'deploy', 'start', 'probe', 'report'])
    expect(nodes).toContain(node);
};

describe('the main job: build a process from a file, run it on a worker, watch it', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;

  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('main-job');
  });

  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  it('by the command line, with a file of the older format', async () => {
    const built = await build(system.platform, LOOP);
    expect(built).toMatchObject({ version: 1, name: expect.any(String) });
    expect(built.converted.length).toBeGreaterThan(0);
    const run = await system.platform.json<Run>(['start-process', '-p_id', built.id, '--wait']);
    expect(run).toMatchObject({ status: 'SUCCESS', reason: null });
    expect(Math.max(...run.tasks.map(({ visit }) => visit))).toBeGreaterThan(1);
    const again = await build(system.platform, LOOP);
    expect(again).toMatchObject({ id: built.id, version: 1 });
  });

  it('by the command line, with the sample, its live log and its progress', async () => {
    const built = await build(system.platform, RELEASE);
    const id = await start(system.platform, `default/${built.name}`, { source: SHOP });
    const [log, watched] = await Promise.all([system.platform.orderlines(['logs', '-f', id]), system.platform.orderlines(['watch', id])]);
    expect(log.code).toBe(0);
    expect(log.stdout).toMatch(/report .*release of v1\.1\.0/);
    expect(watched.code).toBe(0);
    expect(watched.stdout).toContain('SUCCESS');
    expectReleased(await system.platform.json<Run>(['get', 'instances', id]));
    const kept = await system.platform.orderlines(['logs', id]);
    expect(kept.stdout.split('\n').sort()).toEqual(log.stdout.split('\n').sort());
    const exported = await system.platform.orderlines(['export', built.id]);
    expect(exported.stdout).toBe(await readFile(RELEASE, 'utf8'));
    const lists = await Promise.all(['processes', 'instances', 'tasks'].map((kind) => system.platform.orderlines(['list', kind])));
    expect(lists.map(({ code }) => code)).toEqual([0, 0, 0]);
  });

  it('over HTTP, watched by server-sent events that resume behind any of them', async () => {
    const content = await readFile(RELEASE, 'utf8');
    const built = (await (
      await system.platform.fetch('processes', { method: 'POST', body: JSON.stringify({ content, format: 'auto' }) })
    ).json()) as Built;
    const started = await system.platform.fetch('instances', {
      method: 'POST',
      headers: { 'idempotency-key': 'once' },
      body: JSON.stringify({ process: built.id, params: { source: SHOP } }),
    });
    expect(started.status).toBe(201);
    const { id } = (await started.json()) as { id: string };
    const events = await eventsOf(system.platform, id);
    const rows = events.filter(({ event }) => event === 'facts');
    expect(rows.map((row) => Number(row.id))).toEqual(rows.map((_, index) => index + 1));
    expect(rows.at(-1)?.data).toContain('SUCCESS');
    expect(events.at(-1)?.event).toBe('end');
    const rest = await eventsOf(system.platform, id, rows.at(-3)?.id);
    expect(rest.map((event) => event.id ?? event.event)).toEqual([rows.at(-2)?.id, rows.at(-1)?.id, 'end']);
    expectReleased(await endOf(system.platform, id));
  });

  it('over gRPC, by a Python client generated from proto/', async () => {
    const script = join(WORKSPACE, 'apps/system-tests/src/python/main_job.sh');
    const { code, stdout, stderr } = await runProgram('bash', [script, folder.path, RELEASE, SHOP], {
      environment: { ORDERLINES_GRPC: system.platform.grpcAddress, ORDERLINES_TOKEN: system.platform.token },
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
      status: string;
      nodes: string[];
      events: number;
      logLines: number;
    };
    expect(seen.status).toBe('SUCCESS');
    expect(seen.nodes).toContain('pack');
    expect(seen.events).toBeGreaterThan(5);
    expect(seen.logLines).toBeGreaterThan(5);
  });
});

import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildText, endOf, readRun, runThat, start, untilRunning, type Built, type Run } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

/**
 * Faults of the older runner (E24–E40 of its review) that lie outside its definitions, each shown not to be there. E1–E23, E28, E31, E36,
 * E37 and E39 are about what a definition means: libs/process-engine/src/definition/legacy/faults.spec.ts. E29 is faults/.
 */
describe('what the older runner did wrong', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;

  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('older-faults');
  });

  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  const built = (name: string, body: string): Promise<Built> =>
    buildText(system.platform, `apiVersion: orderlines/v1\nkind: Process\nnamespace: older-faults\nname: ${name}\n${body}`);
  const startOf = async (name: string, body: string, params = {}): Promise<string> =>
    start(system.platform, (await built(name, body)).id, params);
  const statuses = (run: Run) => Object.fromEntries(run.tasks.map(({ nodeId, status }) => [nodeId, status]));
  const refused = async (content: string) => {
    const answer = await system.platform.fetch('processes', { method: 'POST', body: JSON.stringify({ content, format: 'auto' }) });
    return { status: answer.status, body: (await answer.json()) as { errors: { code: string; line?: number }[] } };
  };

  it("E24: a failed task's error is what the task said, not the engine's own stack", async () => {
    const run = await endOf(system.platform, await startOf('error', 'flow: [{ id: no, uses: fail, with: { message: disk is full } }]'));
    expect(run.tasks[0]?.error).toMatchObject({ reason: 'user', message: 'disk is full' });
    expect(JSON.stringify(run.tasks[0]?.error)).not.toMatch(/\bat .*\.(js|ts):\d+/);
  });

  it('E25: a stop leaves finished tasks as they ended, gives the run its end time, and stops a paused run too', async () => {
    const body = `flow:
  - { id: done, uses: math, with: { operation: add, a: 1, b: 1 } }
  - { id: long, uses: shell, with: { command: sleep 300 } }
  - { id: never, uses: math, with: { operation: add, a: 1, b: 1 } }`;
    const id = await startOf('stopped', body);
    await untilRunning(system.platform, id, 'long');
    await system.platform.json(['paused-process', '-ps_id', id]);
    await system.platform.json(['stop-process', '-ps_id', id]);
    const run = (await endOf(system.platform, id)) as Run & { finishedAt: string | null };
    expect(run).toMatchObject({ status: 'STOP', reason: 'stopped', finishedAt: expect.stringMatching(/^\d{4}-/) });
    expect(statuses(run)).toEqual({ done: 'SUCCESS', long: 'STOP' });
  });

  it('E26: a stop interrupts what runs, in a lane of a parallel and in a group', async () => {
    const marked = (id: string) =>
      `{ id: ${id}, uses: shell, with: { command: 'sleep 300; touch "$FOLDER/${id}"', env: { FOLDER: '\${{ params.folder }}' } } }`;
    const body = `params: [{ name: folder, type: string, required: true }]
flow:
  - id: both
    type: parallel
    branches:
      lane: [${marked('in_lane')}]
      group: [{ id: unit, type: group, flow: [${marked('in_group')}] }]`;
    const id = await startOf('interrupted', body, { folder: folder.path });
    await runThat(system.platform, id, 'executes both', (run) => run.tasks.filter(({ status }) => status === 'RUNNING').length >= 4);
    await system.platform.json(['stop-process', '-ps_id', id]);
    expect(statuses(await endOf(system.platform, id))).toMatchObject({ in_lane: 'STOP', in_group: 'STOP', both: 'STOP' });
    expect(['in_lane', 'in_group'].filter((name) => existsSync(join(folder.path, name)))).toEqual([]);
  });

  it('E27: a resume is an event: the answer to it already says RUNNING, and the next task is there', async () => {
    const body = `flow:
  - { id: first, uses: shell, with: { command: sleep 1 } }
  - { id: second, uses: shell, with: { command: sleep 300 } }`;
    const id = await startOf('resumed', body);
    await untilRunning(system.platform, id, 'first');
    await system.platform.json(['paused-process', '-ps_id', id]);
    await runThat(system.platform, id, 'is at rest', ({ tasks }) => !tasks.some(({ status }) => status === 'RUNNING'));
    const answer = await system.platform.fetch(`instances/${id}/resume`, { method: 'POST', body: '{}' });
    expect(await answer.json()).toMatchObject({ status: 'RUNNING' });
    expect(statuses(await readRun(system.platform, id))).toMatchObject({
      first: 'SUCCESS',
      second: expect.stringMatching(/PENDING|RUNNING/),
    });
    await system.platform.json(['stop-process', '-ps_id', id, '--force']);
  });

  it('E30: many runs wait their turn in a queue, and one that comes later is not behind all of them', async () => {
    const wide = Array.from({ length: 120 }, (_, index) => `      lane_${index}: [{ id: slow_${index}, uses: sleep, with: { for: 1s } }]`);
    const large = await startOf('large', `flow:\n  - id: all\n    type: parallel\n    branches:\n${wide.join('\n')}`);
    await runThat(system.platform, large, 'is busy', ({ tasks }) => tasks.some(({ status }) => status === 'RUNNING'));
    const small = await startOf('small', 'flow: [{ id: only, uses: math, with: { operation: add, a: 1, b: 1 } }]');
    expect((await endOf(system.platform, small)).status).toBe('SUCCESS');
    const slots = (await readRun(system.platform, large)).tasks.filter(({ nodeId, status }) => nodeId !== 'all' && status === 'RUNNING');
    expect(slots.length).toBeLessThanOrEqual(16);
    expect((await endOf(system.platform, large)).status).toBe('SUCCESS');
  });

  it('E32: a dry run executes nothing and stores nothing', async () => {
    const content = `apiVersion: orderlines/v1
kind: Process
namespace: older-faults
name: dry
flow: [{ id: mark, uses: shell, with: { command: touch ${folder.path}/dry } }]`;
    const answer = await system.platform.fetch('processes', { method: 'POST', body: JSON.stringify({ content, dry: true }) });
    expect(answer.ok).toBe(true);
    const { items } = await system.platform.json<{ items: { name: string }[] }>(['get', 'processes', '--namespace', 'older-faults']);
    expect(items.map(({ name }) => name)).not.toContain('dry');
    const { id } = await buildText(system.platform, content);
    await system.platform.json(['start-process', '-p_id', id, '--dry']);
    expect(await system.platform.json(['get', 'instances', '--process', id])).toMatchObject({ items: [] });
    expect(existsSync(join(folder.path, 'dry'))).toBe(false);
  });

  it('E33: a definition with mistakes is refused with all of them, and nothing is stored', async () => {
    const { status, body } = await refused(`apiVersion: orderlines/v1
kind: Process
namespace: older-faults
name: wrong
flow:
  - { id: a, uses: no-such-type, next: nowhere }
  - { id: a, uses: math, with: { operation: guess } }`);
    expect(status).toBe(422);
    expect(body.errors.length).toBeGreaterThanOrEqual(4);
    expect(body.errors.every(({ line }) => typeof line === 'number')).toBe(true);
    const { items } = await system.platform.json<{ items: { name: string }[] }>(['get', 'processes', '--namespace', 'older-faults']);
    expect(items.map(({ name }) => name)).not.toContain('wrong');
  });

  it('E34: a copy of a process under another name keeps its node ids, and both run', async () => {
    const body = 'flow: [{ id: same, uses: math, with: { operation: add, a: 1, b: 1 } }]';
    const ids = [await startOf('original', body), await startOf('copy', body)];
    const runs = await Promise.all(ids.map((id) => endOf(system.platform, id)));
    expect(runs.map(statuses)).toEqual([{ same: 'SUCCESS' }, { same: 'SUCCESS' }]);
  });

  it('E35: the name of a removed process is free again', async () => {
    const body = 'flow: [{ id: one, uses: math, with: { operation: add, a: 1, b: 1 } }]';
    const first = await built('reused', body);
    const removed = await system.platform.fetch(`processes/${first.id}`, { method: 'DELETE' });
    expect(removed.ok).toBe(true);
    const second = await built('reused', body);
    expect(second.id).not.toBe(first.id);
    expect(second.version).toBe(1);
  });

  it('E38: a run keeps the definition it began with, whatever is published meanwhile', async () => {
    const bodyOf = (text: string) => `variables:
  - { name: text, type: string, value: ${text} }
  - { name: said, type: string }
flow:
  - { id: wait, uses: shell, with: { command: sleep 2 } }
  - { id: say, type: assign, set: { said: '\${{ vars.text }}' } }
outputs: { said: '\${{ vars.said }}' }`;
    const id = await startOf('frozen', bodyOf('before'));
    await untilRunning(system.platform, id, 'wait');
    expect((await built('frozen', bodyOf('after'))).version).toBe(2);
    expect((await endOf(system.platform, id)).outputs).toEqual({ said: 'before' });
  });

  it('E40: a name keeps all its characters in the definition and in the run', async () => {
    const long = `a_node_with_a_name_of_${'x'.repeat(42)}`;
    const run = await endOf(
      system.platform,
      await startOf('names', `flow: [{ id: ${long}, uses: math, with: { operation: add, a: 1, b: 1 } }]`),
    );
    expect(run.tasks.map(({ nodeId, path }) => [nodeId, path])).toEqual([[long, long]]);
  });
});

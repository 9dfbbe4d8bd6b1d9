import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../harness/eventually.js';
import { build, endOf, start, untilRunning } from '../harness/runs.js';
import { startWholeSystem, type WholeSystem } from '../harness/stores.js';
import { WORKSPACE } from '../harness/workspace.js';

const STEPS = join(WORKSPACE, 'apps/system-tests/src/processes/steps.yaml');

describe('a run whose stores go away', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  let steps: string;

  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('steps');
    steps = (await build(system.platform, STEPS)).id;
  });

  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  const readiness = async () => {
    const answer = await fetch(`${system.platform.url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    return { status: answer.status, text: await answer.text() };
  };

  it('goes on after Postgres was killed and came back, and the services say meanwhile what they wait for', async () => {
    const id = await start(system.platform, steps, { folder: folder.path });
    await untilRunning(system.platform, id, 'first');
    await system.postgres.kill();
    const missing = await eventually('the gateway says that it is not ready', async () => {
      const state = await readiness();
      return state.status === 503 && state;
    });
    expect(missing.text).toMatch(/database|postgres/i);
    await pause(2_000);
    await system.postgres.restart();
    await eventually('the gateway is ready again', async () => (await readiness()).status === 200, { limitMs: 60_000 });
    expect((await endOf(system.platform, id)).status).toBe('SUCCESS');
  });

  it('goes on after NATS was killed and came back', async () => {
    const id = await start(system.platform, steps, { folder: folder.path });
    await untilRunning(system.platform, id, 'first');
    await system.nats.kill();
    await pause(3_000);
    await system.nats.restart();
    expect((await endOf(system.platform, id)).status).toBe('SUCCESS');
  });

  it('goes on after NATS came back with all its streams gone', async () => {
    const id = await start(system.platform, steps, { folder: folder.path });
    await untilRunning(system.platform, id, 'first');
    await system.nats.wipe();
    expect((await endOf(system.platform, id)).status).toBe('SUCCESS');
  });

  it('every start that was accepted while Postgres and the executor were killed ends; a repeat with the same key is the same run', async () => {
    const answers: { key: string; id: string }[] = [];
    let stop = false;
    const caller = async () => {
      while (!stop) {
        const key = randomUUID();
        const id = await startWithKey(key);
        if (id) answers.push({ key, id });
        await pause(20);
      }
    };
    const callers = Promise.all([caller(), caller()]);
    await eventually('some starts are accepted', () => answers.length > 5);
    await system.platform.executor.kill();
    await system.platform.executor.start();
    await system.postgres.kill();
    await system.postgres.restart();
    const known = answers.length;
    await eventually('starts are accepted again', () => answers.length > known + 5, { limitMs: 60_000 });
    stop = true;
    await callers;
    const ends = await Promise.all(answers.map(async ({ id }) => (await endOf(system.platform, id)).status));
    expect(new Set(ends)).toEqual(new Set(['SUCCESS']));
    const again = await Promise.all(answers.slice(0, 5).map(({ key }) => startWithKey(key)));
    expect(again).toEqual(answers.slice(0, 5).map(({ id }) => id));
  });

  /** The id of the run, when the start was accepted. */
  const startWithKey = async (key: string): Promise<string | undefined> => {
    try {
      const answer = await system.platform.fetch('instances', {
        method: 'POST',
        headers: { 'idempotency-key': key },
        body: JSON.stringify({ process: steps, params: { folder: folder.path, seconds: 0 } }),
      });
      return answer.ok ? ((await answer.json()) as { id: string }).id : undefined;
    } catch {
      return undefined; // no answer: not accepted as far as the caller knows
    }
  };
});

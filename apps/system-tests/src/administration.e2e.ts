import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PARAMETER_NAMES, type ParameterName } from '@orderlines/contracts';
import { createPool } from '@orderlines/persistence';
import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { eventually } from './harness/eventually.js';
import { freePort } from './harness/free-port.js';
import { buildText, endOf, start, untilRunning, type Run } from './harness/runs.js';
import type { ServiceProcess } from './harness/service-process.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';
import { Told } from './harness/told.js';

const PASSWORD = 'correct horse battery';
/** So soon services follow a change. */
const FOLLOWED_MS = 5_000;
/** Rounds that forget something come once a minute. */
const FORGOTTEN = { limitMs: 150_000 };

/** What administrators set steers what runs, without a restart of anything. */
describe('what administrators set', () => {
  let system: WholeSystem;
  let scheduler: ServiceProcess;
  let folder: TemporaryFolder;
  let told: Told;

  beforeAll(async () => {
    folder = await temporaryFolder('administration');
    told = await Told.listen();
    system = await startWholeSystem({
      workerEnvironment: { ORDERLINES_HTTP_ALLOW: '127.0.0.1', ORDERLINES_SMTP_URL: told.smtpUrl, ORDERLINES_SMTP_STARTTLS: 'never' },
      executorEnvironment: { ORDERLINES_SECRET_REFERENCES: `env:SHOP_*,file:${folder.path}/*`, SHOP_KEY: 'from the environment' },
    });
    scheduler = await system.platform.makeScheduler('scheduler', await freePort()).start();
  });
  afterAll(async () => {
    await scheduler?.stop();
    await system?.close();
    told?.close();
    await folder?.remove();
  });

  const ask = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await system.platform.fetch(path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
  const set = (name: ParameterName, value: unknown) => ask('PUT', `parameters/${name}`, { value });
  let processes = 0;
  const begin = async (body: string): Promise<string> => {
    const name = `p${(processes += 1)}`;
    const { id } = await buildText(system.platform, `apiVersion: orderlines/v1\nkind: Process\nnamespace: steered\nname: ${name}\n${body}`);
    return start(system.platform, id);
  };
  const run = async (body: string): Promise<Run> => endOf(system.platform, await begin(body));
  const FAILS = 'flow: [{ id: no, uses: fail, with: { message: no } }]';
  const WORKS = 'flow: [{ id: yes, uses: math, with: { operation: add, a: 1, b: 1 } }]';
  const msOf = (from: unknown, to: unknown): number => Date.parse(String(to)) - Date.parse(String(from));
  const repeats = ({ tasks }: Run) => (tasks[0]?.attempts ?? []) as { finishedAt: string }[];

  /** Each parameter with the value that it is given, and what that does. */
  const PARAMETERS: Readonly<Record<ParameterName, readonly [value: unknown, steers: () => Promise<void>]>> = {
    task_strategy: ['RETRY', async () => expect(repeats(await run(FAILS)).length).toBeGreaterThan(0)],
    retry_time: [2, async () => expect(repeats(await run(FAILS))).toHaveLength(1)],
    sleep_time: [
      '2s',
      async () => {
        const failed = await run(FAILS);
        const [last] = failed.tasks as unknown as { startedAt: string }[];
        expect(msOf(repeats(failed)[0]?.finishedAt, last?.startedAt)).toBeGreaterThanOrEqual(1_900);
      },
    ],
    task_timeout: [
      '2s',
      async () => {
        const { status, tasks } = await run('flow: [{ id: long, uses: sleep, with: { for: 60s }, retry: { limit: 0 } }]');
        expect([status, tasks[0]?.reason]).toEqual(['FAILURE', expect.stringContaining('timeout')]);
      },
    ],
    process_timeout: [
      '8s',
      async () => {
        const { status, reason } = await run('flow: [{ id: long, uses: sleep, with: { for: 60s }, timeout: 60s }]');
        expect([status, reason]).toEqual(['FAILURE', expect.stringContaining('timeout')]);
      },
    ],
    grace: [
      '1s',
      async () => {
        const command = `trap '' TERM; for i in $(seq 60); do sleep 1; done`;
        const id = await begin(`flow: [{ id: deaf, uses: shell, with: { command: "${command}" }, timeout: 100s }]`);
        await untilRunning(system.platform, id, 'deaf');
        await pause(1_000);
        const stoppedAt = Date.now();
        await system.platform.json(['stop-process', '-ps_id', id]);
        expect((await endOf(system.platform, id)).status).toBe('STOP');
        expect(Date.now() - stoppedAt).toBeLessThan(8_000);
      },
    ],
    teardown_timeout: [
      '2s',
      async () => {
        const ended = await run(`${WORKS}\nteardown: [{ id: tidy, uses: sleep, with: { for: 60s }, timeout: 60s, retry: { limit: 0 } }]`);
        expect(ended.tasks.find(({ nodeId }) => nodeId === 'tidy')?.status).not.toBe('SUCCESS');
      },
    ],
    callback_timeout: [
      '2s',
      async () => {
        const { id } = await run(`${WORKS}\ncallbacks: [{ states: [SUCCESS], uses: sleep, with: { for: 60s } }]`);
        await eventually('the callback has run out of time', async () => {
          const { tasks } = await ask<Run>('GET', `instances/${id}`);
          const callback = (tasks as unknown as { kind: string; reason: string | null }[]).find(({ kind }) => kind === 'callback');
          return callback?.reason?.includes('timeout');
        });
      },
    ],
    notice_type: [
      'ALL',
      async () => {
        await toldOf(await run(WORKS));
        await set('notice_type', 'FAILURE');
        await pause(FOLLOWED_MS);
        const good = await run(WORKS);
        await toldOf(await run(FAILS));
        expect(told.requests.filter((request) => request.includes(good.id))).toEqual([]);
      },
    ],
    notice_to: ['', async () => void (await toldOf(await run(FAILS)))],
    callback_module: [
      'HTTP',
      async () => {
        await set('callback_module', 'EMAIL');
        await set('notice_to', 'ops@shop.local');
        await pause(FOLLOWED_MS);
        await run(FAILS);
        await eventually('a mail came', () => told.mails.some((mail) => mail.includes('FAILURE') && mail.includes('ops@shop.local')));
        await set('callback_module', 'NONE');
      },
    ],
    stop_all_schedule: [
      false,
      async () => {
        const plan = { trigger: { type: 'cron', expression: '* * * * * *' } };
        await buildText(system.platform, `apiVersion: orderlines/v1\nkind: Process\nnamespace: steered\nname: often\n${WORKS}`);
        const { id } = await ask<{ id: string }>('POST', 'schedules', {
          namespace: 'steered',
          name: 'often',
          process: 'steered/often',
          plan,
        });
        const newest = async () => (await ask<{ items: { reason: string; status: string }[] }>('GET', `schedules/${id}/slots`)).items[0];
        await eventually('it fires', async () => (await newest())?.status === 'succeeded');
        await set('stop_all_schedule', true);
        await eventually('it is held back', async () => (await newest())?.reason === 'switched-off', { limitMs: FOLLOWED_MS });
        await set('stop_all_schedule', false);
        await eventually('it fires again', async () => (await newest())?.status === 'succeeded');
        await ask('DELETE', `schedules/${id}`);
      },
    ],
    access_mode: [
      'both',
      async () => {
        const { id } = await ask<{ id: string }>('POST', 'users', { userName: 'ann', password: PASSWORD, roles: ['viewer'] });
        const { token } = await ask<{ token: string }>('POST', 'sessions', { login: 'ann', password: PASSWORD });
        const sees = async () =>
          (await fetch(`${system.platform.url}/api/v1/processes`, { headers: { authorization: `Bearer ${token}` } })).status;
        expect(await sees()).toBe(200);
        await set('access_mode', 'groups');
        await eventually('roles do not count', async () => (await sees()) === 403, { limitMs: FOLLOWED_MS });
        await set('access_mode', 'both');
        await ask('DELETE', `users/${id}`);
      },
    ],
    self_registration: [
      false,
      async () => {
        const register = async (userName: string) =>
          (
            await fetch(`${system.platform.url}/api/v1/registrations`, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ userName, password: PASSWORD }),
            })
          ).status;
        expect(await register('early')).toBe(403);
        await set('self_registration', true);
        await eventually('people may register', async () => (await register('newcomer')) === 201, { limitMs: FOLLOWED_MS });
      },
    ],
    log_retention: [
      '0s',
      async () => {
        const { id } = await run('flow: [{ id: say, uses: log, with: { message: soon forgotten } }]');
        const lines = async () => JSON.stringify(await ask('GET', `instances/${id}/logs`)).includes('soon forgotten');
        expect(await lines()).toBe(true);
        await set('log_retention', '1s');
        await eventually('the lines are gone', async () => !(await lines()), FORGOTTEN);
        expect(await ask('GET', `instances/${id}`)).toMatchObject({ status: 'SUCCESS' });
      },
    ],
    run_retention: [
      '0s',
      async () => {
        const { id } = await run(WORKS);
        await set('run_retention', '1s');
        await eventually('the run is gone', async () => (await system.platform.fetch(`instances/${id}`)).status === 404, FORGOTTEN);
      },
    ],
    api_log_retention: [
      '1h',
      async () => {
        const pool = createPool(system.databaseUrl, { name: 'test' });
        const oldest = async () =>
          (await pool.query<{ hours: number }>(`select extract(epoch from now() - min(at)) / 3600 as hours from system.api_log`)).rows[0]
            ?.hours;
        await pool.query(`update system.api_log set at = now() - interval '2 hours' where id = (select id from system.api_log limit 1)`);
        await eventually('what is older is gone', async () => Number(await oldest()) < 1, FORGOTTEN);
        await pool.end();
      },
    ],
  };
  const toldOf = ({ id, status }: Run) =>
    eventually(`somebody is told of ${id}`, () => told.requests.some((request) => request.includes(id) && request.includes(status)));

  describe('as system parameters', () => {
    beforeAll(async () => {
      for (const name of PARAMETER_NAMES) await set(name, name === 'notice_to' ? `${told.httpUrl}/told` : PARAMETERS[name][0]);
      await pause(FOLLOWED_MS);
    });
    afterAll(async () => {
      for (const name of PARAMETER_NAMES) await ask('DELETE', `parameters/${name}`);
      await pause(FOLLOWED_MS);
    });

    it.each(Object.keys(PARAMETERS) as ParameterName[])('%s steers what runs', async (name) => PARAMETERS[name][1]());
  });

  it('as variables is read by runs as it was at their start, the namespace’s own before the one of all', async () => {
    const body = `flow:
  - { id: before, uses: log, with: { message: "in \${{ config.region }} with \${{ config.limits.most }}" } }
  - { id: wait, uses: sleep, with: { for: 2s } }
  - { id: after, uses: log, with: { message: "still \${{ config.region }}" } }
outputs: { region: "\${{ config.region }}", hosts: "\${{ config.hosts }}" }`;
    await ask('PUT', 'variables/region', { type: 'string', value: 'everywhere' });
    await ask('PUT', 'variables/region?namespace=steered', { type: 'string', value: 'eu' });
    await ask('PUT', 'variables/limits', { type: 'json', value: { most: 3 } });
    await ask('PUT', 'variables/hosts', { type: 'list', value: ['a', 'b'] });
    const id = await begin(body);
    await untilRunning(system.platform, id, 'wait');
    await ask('PUT', 'variables/region?namespace=steered', { type: 'string', value: 'us' });
    expect((await endOf(system.platform, id)).outputs).toEqual({ region: 'eu', hosts: ['a', 'b'] });
    const logs = JSON.stringify(await ask('GET', `instances/${id}/logs`));
    for (const line of ['in eu with 3', 'still eu']) expect(logs).toContain(line);
    await ask('DELETE', 'variables/region?namespace=steered');
    expect((await run(`outputs: { region: "\${{ config.region }}" }\n${WORKS}`)).outputs).toEqual({ region: 'everywhere' });
  });

  it('as references to secrets elsewhere is read by executors, as far as they allow it', async () => {
    const file = join(folder.path, 'key');
    await writeFile(file, 'from a file\n');
    await writeFile(join(folder.path, 'seen'), '');
    const seen = join(folder.path, 'seen');
    for (const [name, reference] of [
      ['by_env', 'env:SHOP_KEY'],
      ['by_file', `file:${file}`],
      ['forbidden', 'env:ORDERLINES_DATABASE_URL'],
    ]) {
      await ask('PUT', `secrets/${name}?namespace=steered`, { reference });
    }
    const flow = (name: string) => `flow:
  - id: use
    uses: shell
    with: { command: 'printf %s "$S" > "$OUT"; echo "it is $S"', env: { S: "\${{ secrets.${name} }}", OUT: ${seen} } }`;
    for (const [name, value] of [
      ['by_env', 'from the environment'],
      ['by_file', 'from a file'],
    ] as const) {
      const { id, status } = await run(flow(name));
      expect([status, await readFile(seen, 'utf8')]).toEqual(['SUCCESS', value]);
      const logs = JSON.stringify(await ask('GET', `instances/${id}/logs`));
      expect(logs).toContain('it is ***');
    }
    await writeFile(file, 'changed in its file\n');
    await run(flow('by_file'));
    expect(await readFile(seen, 'utf8')).toBe('changed in its file');
    const refused = await run(flow('forbidden'));
    expect([refused.status, refused.tasks[0]?.error?.message]).toEqual([
      'FAILURE',
      expect.stringContaining('ORDERLINES_SECRET_REFERENCES'),
    ]);
  });
});

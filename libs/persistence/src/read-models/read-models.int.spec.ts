import { startPostgres, type TestPostgres } from '@orderlines/testing';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import {
  createPool,
  explainInstance,
  listInstances,
  listProcesses,
  listTasks,
  listTaskTypes,
  listVersions,
  listWorkers,
  readHistory,
  readIncompleteLogs,
  readInstance,
  readRunGrid,
  readLogLines,
  runMigrations,
  type InstanceFilter,
  type Page,
  type PageRequest,
} from '../index.js';
import { StoredRuns } from '../testing/stored-runs.js';

describe('read models', () => {
  let postgres: TestPostgres;
  let pool: Pool;
  let runs: StoredRuns;
  beforeAll(async () => {
    postgres = await startPostgres();
    pool = createPool(await postgres.createDatabase(runMigrations), { name: 'test', max: 4 });
  });
  beforeEach(() => {
    runs = new StoredRuns(pool);
  });
  afterEach(() => runs.remove());
  afterAll(async () => {
    await pool.end();
    await postgres.close();
  });

  /** All items of a list, page by page. */
  const walk = async <Item>(list: (page: PageRequest) => Promise<Page<Item>>, limit: number): Promise<Item[]> => {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return items;
  };

  describe('the grid of runs and nodes', () => {
    it('tells of the newest runs how each node stands, in the order in which the newest run reached them', async () => {
      const [process, other] = [await runs.process('a'), await runs.process('b')];
      await runs.task(await runs.run(other, 'SUCCESS'), 'elsewhere');
      const oldest = await runs.run(process, 'SUCCESS');
      await runs.task(oldest, 'forgotten');
      const failed = await runs.run(process, 'FAILURE');
      await runs.task(failed, 'gone', 'SUCCESS', { started_at: '2027-01-01T00:00:00Z', finished_at: '2027-01-01T00:00:01Z' });
      await runs.task(failed, 'build', 'FAILURE');
      const newest = await runs.run(process, 'RUNNING');
      await runs.task(newest, 'build', 'SUCCESS', { started_at: '2027-01-01T00:00:00Z', finished_at: '2027-01-01T00:00:02Z' });
      await runs.task(newest, 'build', 'SUCCESS', { visit: 2, started_at: '2027-01-01T00:00:03Z', finished_at: '2027-01-01T00:00:09Z' });
      await runs.task(newest, 'build', 'RUNNING', { visit: 3, started_at: '2027-01-01T00:00:10Z' });
      await runs.task(newest, 'build', 'FAILURE', { kind: 'item', path: 'build/0' });
      await runs.task(newest, 'ask', 'WAITING', { type: 'approval', uses: null });
      const grid = await readRunGrid(pool, { processId: process, limit: 2 });
      expect(grid.runs.map(({ id }) => id)).toEqual([newest, failed]);
      const untimed = { startedAt: null, finishedAt: null };
      expect(grid.nodes).toEqual([
        {
          id: 'build',
          uses: 'shell',
          cells: [
            { statuses: { SUCCESS: 2, RUNNING: 1 }, startedAt: '2027-01-01T00:00:00.000Z', finishedAt: null },
            { statuses: { FAILURE: 1 }, ...untimed },
          ],
        },
        { id: 'ask', uses: 'approval', cells: [{ statuses: { WAITING: 1 }, ...untimed }, null] },
        {
          id: 'gone',
          uses: 'shell',
          cells: [null, { statuses: { SUCCESS: 1 }, startedAt: '2027-01-01T00:00:00.000Z', finishedAt: '2027-01-01T00:00:01.000Z' }],
        },
      ]);
    });

    it('is empty for a process that never ran', async () => {
      expect(await readRunGrid(pool, { processId: await runs.process('a'), limit: 25 })).toEqual({ runs: [], nodes: [] });
    });
  });

  describe('the list of runs', () => {
    it('goes from the newest to the oldest, each once, whatever the page', async () => {
      const process = await runs.process('a');
      const ids: string[] = [];
      for (let index = 0; index < 7; index += 1) ids.unshift(await runs.run(process));
      for (const limit of [1, 3, 7, 50]) {
        const found = await walk((page) => listInstances(pool, {}, page), limit);
        expect(found.map(({ id }) => id)).toEqual(ids);
      }
    });

    it('is filtered by process, namespace and status together', async () => {
      const [a, b] = [await runs.process('a'), await runs.process('b')];
      const wanted = await runs.run(a, 'FAILURE', { error: { reason: 'user', message: 'no' } });
      await runs.run(a, 'SUCCESS');
      await runs.run(a, 'FAILURE', { namespace: 'other' });
      await runs.run(b, 'FAILURE');
      const page = await listInstances(pool, { processId: a, namespace: 'default', status: 'FAILURE' }, { limit: 5 });
      expect(page).toMatchObject({ items: [{ id: wanted, reason: 'user', status: 'FAILURE' }], nextCursor: null });
    });

    it('is filtered by origin, starter, labels of the process, and whether a person has to do something', async () => {
      const [a, b] = [await runs.process('a'), await runs.process('b')];
      await pool.query(`update definition.process set labels = '{"team": "web"}' where id = $1`, [a]);
      const asked = await runs.run(a, 'RUNNING', { origin: 'schedule', started_by: 'schedule:default/nightly' });
      await runs.task(asked, 'sign', 'WAITING', { type: 'approval', waits_for: { kind: 'approval', since: '2027-01-01T00:00:00Z' } });
      const ended = await runs.run(a, 'SUCCESS');
      const other = await runs.run(b, 'RUNNING', { started_by: 'ada' });
      const ids = async (filter: InstanceFilter) => (await listInstances(pool, filter, { limit: 5 })).items.map(({ id }) => id);
      expect(await ids({ origin: 'schedule' })).toEqual([asked]);
      expect(await ids({ startedBy: 'ada' })).toEqual([other]);
      expect([await ids({ label: 'team' }), await ids({ label: 'team=web' })]).toEqual([
        [ended, asked],
        [ended, asked],
      ]);
      expect(await ids({ label: 'team=sea' })).toEqual([]);
      expect([await ids({ waiting: true }), await ids({ waiting: false })]).toEqual([[asked], [other, ended]]);
    });

    it('is kept to a time of starts', async () => {
      const process = await runs.process('a');
      const at = (time: string) => uuidv7({ msecs: Date.parse(time) });
      const [first, second, third] = ['2027-01-01T00:00:00Z', '2027-01-02T00:00:00Z', '2027-03-03T00:00:00Z'].map(at);
      for (const id of [first, second, third]) await runs.run(process, 'SUCCESS', { id });
      const page = await listInstances(pool, { since: '2027-01-02T00:00:00Z', until: '2027-03-03T00:00:00Z' }, { limit: 5 });
      expect(page.items.map(({ id }) => id)).toEqual([second]);
    });

    it.each([
      ['created', false],
      ['-created', true],
      ['finished', false],
      ['-finished', true],
    ] as const)('is sorted by %s, each once, whatever the page', async (sort, isLatestFirst) => {
      const process = await runs.process('a');
      const ids: string[] = [];
      // Several end in the same moment, whose microseconds no JavaScript date holds.
      for (let index = 0; index < 6; index += 1) {
        const finished = `2027-01-01T00:00:00.00000${Math.floor(index / 2)}Z`;
        ids.push(await runs.run(process, 'SUCCESS', { finished_at: finished }));
      }
      if (sort.includes('finished')) await runs.run(process, 'RUNNING');
      for (const limit of [1, 2, 50]) {
        const found = await walk((page) => listInstances(pool, {}, page, sort), limit);
        expect(found.map(({ id }) => id)).toEqual(isLatestFirst ? ids.toReversed() : ids);
      }
    });

    it.each(['', 'x', '%', Buffer.from('["1"]').toString('base64url'), Buffer.from('{}').toString('base64url')])(
      'refuses a cursor it did not give: %j',
      async (cursor) => {
        await expect(listInstances(pool, {}, { limit: 5, cursor })).rejects.toMatchObject({ name: 'InvalidCursor' });
      },
    );

    it('reads every page by an index when there are many runs', async () => {
      const process = await runs.process('a');
      await runs.run(process);
      await pool.query(`insert into runtime.process_instance
        select gen.id, i.namespace, i.process_id, i.process_version_id, i.process_name, i.process_version, 1,
          case when n % 100 = 0 then 'FAILURE' else 'SUCCESS' end, 'done', 1, 1, 'a', 'cli', now(), '{}', '{}', null, null, '{}'
        from runtime.process_instance i, generate_series(1, 20000) n,
          lateral (select (substr(i.id::text, 1, 15) || lpad(to_hex(n), 3, '0') || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id) gen
        on conflict do nothing`);
      await pool.query('analyze runtime.process_instance');
      const plan = async (condition: string) => {
        const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
          `explain select id from runtime.process_instance i where ${condition} order by i.id desc limit 51`,
        );
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      };
      for (const condition of [
        'true',
        `process_id = '${process}'`,
        `process_id = '${process}' and status = 'FAILURE'`,
        `status = 'FAILURE'`,
      ]) {
        expect(await plan(condition)).not.toMatch(/Seq Scan on process_instance_\d+/);
      }
    });
  });

  describe('one run', () => {
    it('comes with its executions in their order, their attempts and data', async () => {
      const process = await runs.process('a');
      const id = await runs.run(process, 'RUNNING', { params: { a: 1 }, variables: { b: [2] }, seq: 4 });
      const first = await runs.task(id, 'compile', 'SUCCESS', { attempt: 2, input: { command: 'make' }, result: { exitCode: 0 } });
      const second = await runs.task(id, 'test', 'RUNNING', { worker: 'w1', started_at: new Date(5_000) });
      await runs.row('runtime.task_attempt', {
        process_instance_id: id,
        task_instance_id: first,
        attempt: 1,
        error: { reason: 'user', message: 'exit code 2' },
        finished_at: new Date(1_000),
      });
      expect(await readInstance(pool, id)).toMatchObject({
        id,
        seq: 4,
        params: { a: 1 },
        variables: { b: [2] },
        outputs: null,
        error: null,
        tasks: [
          {
            id: first,
            input: { command: 'make' },
            result: { exitCode: 0 },
            attempts: [{ attempt: 1, error: { message: 'exit code 2' }, finishedAt: '1970-01-01T00:00:01.000Z' }],
          },
          { id: second, worker: 'w1', startedAt: '1970-01-01T00:00:05.000Z', attempts: [] },
        ],
      });
    });

    it('is null when there is none', async () => {
      expect(await readInstance(pool, uuidv7())).toBeNull();
    });

    it('says why each execution does not move', async () => {
      const process = await runs.process('a');
      await worker('w1', ['default']);
      const id = await runs.run(process);
      const at = '2030-01-01T00:00:00.000Z';
      const session = uuidv7();
      await runs.task(id, 'queued', 'PENDING', { ready_at: new Date() });
      await runs.task(id, 'nobody', 'PENDING', { queue: 'gpu' });
      await runs.task(id, 'bound', 'PENDING', { worker: 'w2' });
      await runs.task(id, 'again', 'RETRY', { waits_for: { kind: 'retry', since: at, until: at } });
      await runs.task(id, 'delay', 'WAITING', { queue: null, waits_for: { kind: 'timer', since: at, until: at } });
      await runs.task(id, 'held', 'FAILURE', { waits_for: { kind: 'operator', since: at } });
      await runs.task(id, 'lost', 'RUNNING', { worker: 'w3', session_id: session });
      await runs.task(id, 'group', 'RUNNING', { type: 'group', queue: null });
      await runs.task(id, 'strange', 'WAITING', { queue: null });
      await runs.task(id, 'over', 'FAILURE');
      const paused = await runs.run(process, 'PAUSED', { waits_for: { kind: 'paused', since: at, by: 'ada' } });
      await runs.task(paused, 'paused', 'PENDING');
      await runs.task(paused, 'callback', 'PENDING', { kind: 'callback', queue: 'gpu' });
      const reasons = async (run: string) => (await readInstance(pool, run))?.tasks.map((task) => task.waitReason?.text);
      expect(await reasons(id)).toEqual([
        expect.stringMatching(/^queued in default for \d+ s$/),
        'no live worker on queue gpu',
        'waiting for worker w2, which holds the folder and is away',
        `retry at ${at}`,
        `timer at ${at}`,
        'failed, waiting for an operator',
        'worker w3, which runs it, is silent',
        undefined,
        'nothing explains it: this is a fault of the platform',
        undefined,
      ]);
      expect(await reasons(paused)).toEqual(['paused by ada', 'no live worker on queue gpu']);
    });

    it('explains a run: what runs, what waits, since when, and what to do', async () => {
      const process = await runs.process('a');
      await worker('w1', ['default']);
      const { rows: sessions } = await pool.query<{ id: string }>(`select id from runtime.worker_session where worker = 'w1'`);
      const since = '2030-01-01T00:00:00.000Z';
      const id = await runs.run(process);
      await runs.task(id, 'build', 'RUNNING', { worker: 'w1', session_id: sessions[0]?.id, started_at: new Date(since) });
      await runs.task(id, 'deploy', 'PENDING', { queue: 'gpu', ready_at: new Date(since) });
      expect(await explainInstance(pool, id)).toEqual({
        id,
        status: 'RUNNING',
        phase: 'body',
        running: [{ taskInstanceId: expect.any(String), path: 'build', attempt: 1, worker: 'w1', since }],
        waits: [
          {
            taskInstanceId: expect.any(String),
            path: 'deploy',
            reason: { kind: 'no-worker', since, queue: 'gpu', text: 'no live worker on queue gpu' },
            advice: expect.stringContaining('Start a worker'),
          },
        ],
      });
      const still = await runs.run(process);
      expect(await explainInstance(pool, still)).toMatchObject({ waits: [{ path: null, reason: { kind: 'unexplained' } }] });
      await runs.row('runtime.parked_event', {
        ...{ id: uuidv7(), process_instance_id: id, subject: 'runs', payload: Buffer.from(''), error: 'no such column', deliveries: 5 },
      });
      const parked = await explainInstance(pool, id);
      expect(parked?.waits.map(({ path, reason }) => `${path} ${reason.kind}`)).toEqual(['null parked', 'build parked', 'deploy parked']);
      expect(await explainInstance(pool, await runs.run(process, 'SUCCESS'))).toMatchObject({ running: [], waits: [] });
      expect(await explainInstance(pool, uuidv7())).toBeNull();
      await pool.query('delete from runtime.parked_event');
    });
  });

  it('lists executions of all runs, newest first, filtered by run and status', async () => {
    const process = await runs.process('a');
    const [one, two] = [await runs.run(process), await runs.run(process)];
    const ids: string[] = [];
    for (const run of [one, two])
      for (const node of ['a', 'b', 'c']) ids.unshift(await runs.task(run, node, node === 'b' ? 'FAILURE' : 'SUCCESS'));
    for (const limit of [1, 2, 6]) expect((await walk((page) => listTasks(pool, {}, page), limit)).map(({ id }) => id)).toEqual(ids);
    expect(await walk((page) => listTasks(pool, { instanceId: one, status: 'FAILURE' }, page), 5)).toMatchObject([
      { id: ids[4], nodeId: 'b' },
    ]);
    const other = await runs.task(await runs.run(await runs.process('b')), 'a', 'SUCCESS', { type: 'delay', uses: null });
    expect((await walk((page) => listTasks(pool, { processId: process }, page), 5)).map(({ id }) => id)).toEqual(ids);
    expect(await walk((page) => listTasks(pool, { uses: 'delay' }, page), 5)).toMatchObject([{ id: other }]);
  });

  it('reads the history of a run from any point on', async () => {
    const id = uuidv7();
    for (const seq of [1, 2, 3]) {
      await runs.row('runtime.history', {
        process_instance_id: id,
        seq,
        at: new Date(seq),
        facts: [{ type: 'operation', name: String(seq) }],
      });
    }
    expect(await readHistory(pool, id, 1, 10)).toMatchObject([{ seq: 2, facts: [{ name: '2' }] }, { seq: 3 }]);
    expect(await readHistory(pool, id, 0, 1)).toMatchObject([{ seq: 1, at: '1970-01-01T00:00:00.001Z' }]);
  });

  describe('log lines', () => {
    const texts = (lines: { items: { text: string }[] }) => lines.items.map(({ text }) => text);
    const newRun = async () => {
      const id = await runs.run(await runs.process(uuidv7()));
      return { id, first: await runs.task(id, 'first'), second: await runs.task(id, 'second') };
    };

    it('come in the order of their storing, page by page, and go on after the last cursor', async () => {
      const { id, first, second } = await newRun();
      await runs.chunk(id, first, 0, ['a', 'b']);
      await runs.chunk(id, second, 0, ['c']);
      await runs.chunk(id, first, 1, ['d']);
      const page = await readLogLines(pool, id, {}, { limit: 3 });
      expect(texts(page)).toEqual(['a', 'b', 'c']);
      expect(page).toMatchObject({
        more: true,
        items: [{ nodeId: 'first', at: '1970-01-01T00:00:00.000Z', level: 'info', attempt: 1 }, {}, {}],
      });
      const next = await readLogLines(pool, id, {}, { limit: 3, cursor: page.cursor ?? '' });
      expect(texts(next)).toEqual(['d']);
      const atEnd = await readLogLines(pool, id, {}, { limit: 3, cursor: next.cursor ?? '' });
      expect(atEnd).toEqual({ items: [], cursor: next.cursor, more: false });
      await runs.chunk(id, second, 1, ['e']);
      expect(texts(await readLogLines(pool, id, {}, { limit: 3, cursor: atEnd.cursor ?? '' }))).toEqual(['e']);
    });

    it('can be those of one node or of one execution', async () => {
      const { id, first, second } = await newRun();
      await runs.chunk(id, first, 0, ['a']);
      await runs.chunk(id, second, 0, ['b']);
      expect(texts(await readLogLines(pool, id, { task: { nodeId: 'first' } }, { limit: 9 }))).toEqual(['a']);
      expect(texts(await readLogLines(pool, id, { task: { taskInstanceId: second } }, { limit: 9 }))).toEqual(['b']);
    });

    it('of a task stand in the order in which it wrote them, also when they were stored out of turn', async () => {
      const { id, first, second } = await newRun();
      await runs.chunk(id, first, 1, ['b']);
      await runs.chunk(id, second, 0, ['x']);
      await runs.chunk(id, first, 0, ['a']);
      expect(texts(await readLogLines(pool, id, {}, { limit: 9 }))).toEqual(['a', 'x', 'b']);
    });

    it('never appear behind a cursor: nothing is shown that is newer than a transaction still open', async () => {
      const { id, first, second } = await newRun();
      const open = await pool.connect();
      await open.query('begin');
      await open.query(`insert into runtime.log_chunk values ($1, $2, 1, 0, '[{"at":1,"level":"info","text":"slow"}]')`, [id, first]);
      await runs.chunk(id, second, 0, ['quick']);
      const before = await readLogLines(pool, id, {}, { limit: 9 });
      expect(before).toEqual({ items: [], cursor: null, more: false });
      await open.query('commit');
      open.release();
      expect(texts(await readLogLines(pool, id, {}, { limit: 9 }))).toEqual(['slow', 'quick']);
    });

    it('are known to be missing when a task sent more chunks than are stored', async () => {
      const { id } = await newRun();
      const task = await runs.task(id, 'third', 'SUCCESS', { attempt: 2, log_chunks: 2 });
      await runs.row('runtime.task_attempt', {
        process_instance_id: id,
        task_instance_id: task,
        attempt: 1,
        error: { reason: 'user', message: 'no' },
        log_chunks: 1,
        finished_at: new Date(),
      });
      await runs.chunk(id, task, 0, ['a'], 2);
      expect(await readIncompleteLogs(pool, id)).toEqual([
        { taskInstanceId: task, nodeId: 'third', attempt: 1, sent: 1, stored: 0 },
        { taskInstanceId: task, nodeId: 'third', attempt: 2, sent: 2, stored: 1 },
      ]);
      await runs.chunk(id, task, 1, ['b'], 2);
      await runs.chunk(id, task, 0, ['c'], 1);
      expect(await readIncompleteLogs(pool, id)).toEqual([]);
    });
  });

  it('lists processes by namespace and name, by any part of the name', async () => {
    for (const [namespace, name] of [
      ['b', 'Deploy shop'],
      ['a', 'z'],
      ['a', 'DEPLOY'],
      ['a', 'Build_100%'],
    ] as const) {
      await runs.process(name, namespace);
    }
    const names = async (filter: { namespace?: string; name?: string }) =>
      (await walk((page) => listProcesses(pool, filter, page), 2)).map(({ namespace, name }) => `${namespace}/${name}`);
    expect(await names({})).toEqual(['a/Build_100%', 'a/DEPLOY', 'a/z', 'b/Deploy shop']);
    expect(await names({ name: 'deploy' })).toEqual(['a/DEPLOY', 'b/Deploy shop']);
    expect(await names({ name: '0%' })).toEqual(['a/Build_100%']);
    expect(await names({ namespace: 'b' })).toEqual(['b/Deploy shop']);
  });

  it('lists versions, newest first', async () => {
    const process = await runs.process('a');
    await pool.query(
      `insert into definition.process_version select gen_random_uuid(), process_id, n, status, document, source, source_format, digest, '', 'b', now()
         from definition.process_version, generate_series(2, 5) n where process_id = $1`,
      [process],
    );
    const found = await walk((page) => listVersions(pool, process, page), 2);
    expect(found.map(({ number }) => number)).toEqual([5, 4, 3, 2, 1]);
    expect(found[0]).toMatchObject({ status: 'published', sourceFormat: 'yaml', createdBy: 'b', createdAt: expect.stringMatching(/Z$/) });
  });

  const text = { en: 'a', zh: 'b' };
  const manifest = (name: string, version = '1.0.0') => ({
    name,
    version,
    category: 'script',
    icon: 'code',
    order: 1,
    title: text,
    description: text,
    help: text,
    inputs: {},
    results: {},
    idempotent: false,
    cancel: false,
    wantsVariables: false,
    hooks: [],
  });
  const worker = (name: string, queues: string[], seenSecondsAgo = 0, taskTypes: unknown[] = []) =>
    pool.query(
      `insert into runtime.worker_session (id, worker, version, queues, slots, busy, draining, task_types, started_at, seen_at)
       values (gen_random_uuid(), $1, '1', $2, 4, 1, false, $3, now(), now() - $4::int * interval '1 second')`,
      [name, queues, JSON.stringify(taskTypes), seenSecondsAgo],
    );

  it('lists live workers, and what any worker can run', async () => {
    await worker('w2', ['default'], 1, [manifest('shell'), 'nonsense', manifest('shell', '2.0.0')]);
    await worker('w1', ['cpu'], 0, [manifest('shell')]);
    await worker('gone', ['cpu'], 600, [manifest('ansible')]);
    const workers = await listWorkers(pool, 30_000);
    expect(workers.map(({ name, taskTypes }) => [name, taskTypes])).toEqual([
      ['w1', ['shell@1.0.0']],
      ['w2', ['shell@1.0.0', 'shell@2.0.0']],
    ]);
    expect((await listTaskTypes(pool)).map(({ name, version }) => `${name}@${version}`)).toEqual([
      'ansible@1.0.0',
      'shell@1.0.0',
      'shell@2.0.0',
    ]);
  });
});

import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { announceWorker, buildProcess, simpleDefinition, StoredRun } from '../testing/stored-run.js';

const TYPED = `apiVersion: orderlines/v1
kind: Process
name: typed
params: [{ name: count, type: integer, required: true }, { name: text, type: string, default: "\${{ string(params.count) }} times" }]
variables: [{ name: total, type: integer, value: 3 }]
flow:
  - { id: first, uses: log, with: { message: "\${{ params.text }} of \${{ run.process }}" } }
  - { id: second, uses: log, with: { message: "total \${{ vars.total }} for \${{ params.count }}" } }
`;

describe('runs over HTTP', () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    await announceWorker(harness.pool);
  });
  afterAll(() => harness?.close());

  const ask = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = await harness.ask(method, path, body, headers);
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
  };

  it('are planned without being started: params converted, arguments resolved as far as they are known', async () => {
    const id = await buildProcess(harness, TYPED);
    const { status, body } = await ask('POST', 'instances', { process: 'default/typed', params: { count: '7' }, dry: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      process: { id, name: 'typed', version: 1 },
      params: { count: 7, text: '7 times' },
      variables: { total: 3 },
      steps: [
        { nodeId: 'first', uses: 'log', queue: 'default', flow: 'flow', next: 'second', input: { message: '7 times of typed' } },
        { nodeId: 'second', next: null, input: { message: 'total ${{ vars.total }} for ${{ params.count }}' } },
      ],
    });
    expect((await ask('GET', `instances?process=${id}`)).body).toEqual({ items: [], nextCursor: null });
  });

  it('with wrong params are refused with all that is wrong', async () => {
    await buildProcess(harness, TYPED);
    const { status, body } = await ask('POST', 'instances', { process: 'default/typed', params: { count: 'many', other: 1 }, dry: true });
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 'params.invalid' } });
    expect((body['errors'] as { path: string }[]).map(({ path }) => path).sort()).toEqual(
      expect.arrayContaining(['params.count', 'params.other']),
    );
  });

  it('of a version that is not there, not published or offline are refused', async () => {
    const id = await buildProcess(harness, simpleDefinition('versions'));
    const dry = (process: string) => ask('POST', 'instances', { process, dry: true });
    expect(await dry(`${id}@1`)).toMatchObject({ status: 200 });
    expect(await dry(`${id}@2`)).toMatchObject({
      status: 404,
      body: { code: 'process-version.not-found', detail: expect.stringContaining('newest is 1') },
    });
    await harness.pool.query(`update definition.process_version set status = 'offline' where process_id = $1`, [id]);
    expect(await dry(id)).toMatchObject({ status: 409, body: { code: 'process.not-published' } });
    expect(await dry('default/versions@1')).toMatchObject({ status: 409, body: { code: 'process-version.offline' } });
  });

  it('are shown with all their executions, and listed newest first', async () => {
    const processId = await buildProcess(harness, simpleDefinition('shown'));
    const runs = [await new StoredRun(harness.pool).create(processId), await new StoredRun(harness.pool).create(processId)] as const;
    const { body } = await ask('GET', `instances/${runs[0].id}`);
    expect(body).toMatchObject({
      ...{ id: runs[0].id, process: 'shown', version: 1, status: 'RUNNING', phase: 'body', reason: null, error: null, outputs: null },
      ...{ params: { a: 1 }, allowed: ['stop', 'pause'] },
      tasks: [
        { nodeId: 'say', path: 'say', visit: 1, status: 'RUNNING', attempt: 1, attempts: [], input: { message: 'hello' }, result: null },
      ],
    });
    const first = (await ask('GET', `instances?process=default%2Fshown&status=RUNNING&limit=1`)).body;
    expect(first).toMatchObject({ items: [{ id: runs[1].id }] });
    const next = (await ask('GET', `instances?process=${processId}&limit=1&cursor=${String(first['nextCursor'])}`)).body;
    expect(next).toMatchObject({ items: [{ id: runs[0].id }], nextCursor: null });
    expect((await ask('GET', `tasks?instance=${runs[0].id}`)).body).toMatchObject({
      items: [{ id: runs[0].taskId, instanceId: runs[0].id }],
    });
  });

  it('are explained: what runs and what waits', async () => {
    const run = await new StoredRun(harness.pool).create(await buildProcess(harness, simpleDefinition('explained')));
    expect(await ask('GET', `instances/${run.id}/explain`)).toMatchObject({
      status: 200,
      body: { id: run.id, status: 'RUNNING', phase: 'body' },
    });
    const pending = `update runtime.task_instance set status = 'PENDING', queue = 'gpu', session_id = null, worker = null where id = $1`;
    await harness.pool.query(pending, [run.taskId]);
    expect((await ask('GET', `instances/${run.id}/explain`)).body).toMatchObject({
      running: [],
      waits: [{ path: 'say', reason: { kind: 'no-worker', queue: 'gpu' }, advice: expect.stringContaining('Start a worker') }],
    });
  });

  it('that are not there are refused, whatever is asked of them', async () => {
    for (const id of ['nothing', '01900000-0000-7000-8000-000000000000']) {
      for (const path of [`instances/${id}`, `instances/${id}/explain`]) {
        expect(await ask('GET', path)).toMatchObject({ status: 404, body: { code: 'instance.not-found' } });
      }
    }
    expect(await ask('POST', 'instances/nothing/stop', {})).toMatchObject({ status: 404 });
  });

  it('want a key that can be kept', async () => {
    const answer = await ask('POST', 'instances', { process: 'p' }, { 'idempotency-key': 'x'.repeat(129) });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'Idempotency-Key' }] } });
  });

  it('workers and what they can run are listed', async () => {
    expect((await ask('GET', 'workers')).body).toMatchObject({ items: [{ name: 'w1', taskTypes: ['log@1.0.0'] }] });
    expect((await ask('GET', 'task-types')).body).toMatchObject({ items: [{ name: 'log', title: { zh: '日志' } }] });
  });
});

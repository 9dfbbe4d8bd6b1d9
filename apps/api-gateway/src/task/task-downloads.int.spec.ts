import { createHash } from 'node:crypto';
import { largeValue, VALUE_CHUNK_BYTES, type Json } from '@orderlines/contracts';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { buildProcess, simpleDefinition, StoredRun } from '../testing/stored-run.js';

describe('downloads of large data', () => {
  let harness: GatewayHarness;
  let run: StoredRun;
  const rows: Json = Array.from({ length: 60_000 }, (_, index) => ({ index, text: 'ü' }));
  const archive = Buffer.alloc(600_000, 'archive');

  const store = async (content: string | Buffer) => {
    const data = Buffer.from(content);
    const digest = createHash('sha256').update(data);
    const sha256 = digest.digest('hex');
    for (let chunk = 0; chunk * VALUE_CHUNK_BYTES < data.length; chunk++) {
      const piece = data.subarray(chunk * VALUE_CHUNK_BYTES, (chunk + 1) * VALUE_CHUNK_BYTES);
      await harness.pool.query('insert into runtime.large_value (process_instance_id, sha256, chunk, data) values ($1, $2, $3, $4)', [
        run.id,
        Buffer.from(sha256, 'hex'),
        chunk,
        piece,
      ]);
    }
    return { sha256, bytes: data.length };
  };

  beforeAll(async () => {
    harness = await startGatewayHarness();
    run = await new StoredRun(harness.pool).create(await buildProcess(harness, simpleDefinition('large')));
    const [table, file] = [await store(JSON.stringify(rows)), await store(archive)];
    const result = {
      exitCode: 0,
      body: { rows: largeValue(table.sha256, table.bytes) },
      files: [{ $file: { name: 'dist/shop 1.tgz', ...file } }, { $file: { name: 'gone.txt', sha256: '0'.repeat(64), bytes: 3 } }],
    };
    await harness.pool.query(
      `update runtime.task_instance set result = $2, late_result = '{"attempt":1,"dispatch":1,"worker":"w","at":"2026-01-01T00:00:00.000Z","status":"SUCCESS"}' where id = $1`,
      [run.taskId, JSON.stringify(result)],
    );
  });
  afterAll(() => harness?.close());

  const get = (rest: string, task = run.taskId) => harness.ask('GET', `instances/${run.id}/tasks/${task}/${rest}`);

  it('the run itself shows references, and results that came too late', async () => {
    const instance = (await (await harness.ask('GET', `instances/${run.id}`)).json()) as { tasks: Json[] };
    expect(JSON.stringify(instance).length).toBeLessThan(4_000);
    expect(instance.tasks[0]).toMatchObject({
      result: { exitCode: 0, body: { rows: { bytes: expect.any(Number) } } },
      lateResult: { worker: 'w' },
    });
  });

  it('a result is given whole', async () => {
    const answer = await get('result');
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(await answer.json()).toMatchObject({ exitCode: 0, body: { rows }, files: [{ $file: { name: 'dist/shop 1.tgz' } }, {}] });
    expect(await (await get('input')).json()).toEqual({ message: 'hello' });
  });

  it('a file is given under its name', async () => {
    const answer = await get('files/dist/shop%201.tgz');
    expect(answer.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''shop%201.tgz");
    expect(answer.headers.get('content-length')).toBe(String(archive.length));
    expect(Buffer.from(await answer.arrayBuffer()).equals(archive)).toBe(true);
  });

  it.each<[string, () => Promise<Response>, string]>([
    ['a file that the result does not name', () => get('files/..%2F..%2Fetc%2Fpasswd'), 'file.not-found'],
    ['a content that is gone', () => get('files/gone.txt'), 'value.not-found'],
    ['a task of another run', () => get('result', run.id), 'task.not-found'],
    ['what is no id', () => get('result', 'x'), 'task.not-found'],
  ])('%s is not found', async (_what, ask, code) => {
    const answer = await ask();
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status: 404, body: { code } });
  });
});

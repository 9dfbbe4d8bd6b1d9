import { jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { isLargeValue, largeValue, VALUE_CHUNK_BYTES, type Json, type LargeValue } from '@orderlines/contracts';
import type { RunningWorker } from '../index.js';
import { startWorkerTrial, type WorkerTrial } from '../testing/trial-worker.js';

jest.setTimeout(60_000);

describe('large values of a worker', () => {
  let trial: WorkerTrial;
  let worker: RunningWorker;

  beforeAll(async () => {
    trial = await startWorkerTrial('w1');
    worker = await trial.startWorker({ slots: 4 });
  }, 60_000);
  afterAll(async () => {
    await worker?.close();
    await trial?.close();
  }, 60_000);

  const javascript = (code: string, more: Parameters<typeof trial.executor.run>[2] = {}) =>
    trial.executor.run('javascript', { code }, more);
  const shell = (command: string, more: Parameters<typeof trial.executor.run>[2] = {}, inputs: { [name: string]: Json } = {}) =>
    trial.executor.run('shell', { command, ...inputs }, more);
  const resultOf = ({ outcome }: { outcome: object }) => ('result' in outcome ? (outcome.result as { [name: string]: Json }) : {});
  const stored = (content: string | Buffer): { sha256: string; bytes: number } => {
    const data = Buffer.from(content);
    const sha256 = createHash('sha256').update(data).digest('hex');
    for (let chunk = 0; chunk === 0 || chunk * VALUE_CHUNK_BYTES < data.length; chunk++) {
      trial.executor.pieces.set(`${sha256}.${chunk}`, data.subarray(chunk * VALUE_CHUNK_BYTES, (chunk + 1) * VALUE_CHUNK_BYTES));
    }
    return { sha256, bytes: data.length };
  };
  const reference = (value: Json): LargeValue => {
    const { sha256, bytes } = stored(JSON.stringify(value));
    return largeValue(sha256, bytes);
  };
  const contentOf = ({ $ref, bytes }: LargeValue): string => {
    const pieces = Array.from({ length: Math.ceil(bytes / VALUE_CHUNK_BYTES) }, (_, chunk) =>
      trial.executor.pieces.get(`${$ref.slice('sha256:'.length)}.${chunk}`),
    );
    return Buffer.concat(pieces.map((piece) => piece ?? Buffer.alloc(0))).toString('utf8');
  };

  it.each([1, 20])('a result of %i MiB goes ahead in pieces; what is small of it stays in the message', async (mebibytes) => {
    const finished = await javascript(`return { count: 3, text: 'ü'.repeat(${mebibytes * 512 * 1024}) }`);
    const { count, text } = resultOf(finished);
    expect(count).toBe(3);
    expect(isLargeValue(text) && contentOf(text)).toBe(JSON.stringify('ü'.repeat(mebibytes * 512 * 1024)));
    expect(JSON.stringify(finished).length).toBeLessThan(2_000);
  });

  it('a result above 64 MiB fails the task and says so', async () => {
    const { outcome } = await shell('head -c 70000000 /dev/zero | tr "\\0" x | sed "s/^/big=/" > "$ORDERLINES_RESULT"');
    expect(outcome).toMatchObject({ status: 'FAILURE', failure: { code: 'result.too-large' } });
  });

  it('waits with its result until an executor takes it', async () => {
    trial.executor.takesValues = false;
    const ended = javascript(`return { text: 'x'.repeat(1_000_000) }`);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    trial.executor.takesValues = true;
    expect(resultOf(await ended)['text']).toMatchObject({ bytes: 1_000_002 });
  });

  it('large inputs are whole when the task begins', async () => {
    const rows = Array.from({ length: 100_000 }, (_, index) => ({ index }));
    const input = { code: 'return { rows: args.list.length, last: args.list.at(-1).index }', args: { list: reference(rows) } };
    const finished = await trial.executor.run('javascript', input as never);
    expect(finished.outcome).toMatchObject({ status: 'SUCCESS', result: { rows: 100_000, last: 99_999 } });
  });

  it('an input that is not there fails the task with the reason infra', async () => {
    const { outcome } = await shell('echo never', {}, { env: { A: largeValue('0'.repeat(64), 300_000) as unknown as Json } });
    expect(outcome).toMatchObject({ status: 'FAILURE', failure: { reason: 'infra', code: 'value.missing' } });
  });

  it('collected files are stored and named in the result, those behind links are not', async () => {
    const prepare =
      'mkdir -p dist/deep && printf one > dist/a.txt && printf two > dist/deep/b.txt && ln -s /etc dist/etc && ln -s /etc/passwd dist/p.txt';
    const finished = await shell(prepare, { collect: ['dist/**/*.txt', 'dist/a.*'] });
    const file = (name: string, content: string) => ({ $file: { name, ...stored(content) } });
    expect(resultOf(finished)['files']).toEqual([file('dist/a.txt', 'one'), file('dist/deep/b.txt', 'two')]);
    expect(trial.executor.pieces.get(`${stored('two').sha256}.0`)?.toString()).toBe('two');
  });

  it.each([
    ['nothing/*', 'collect.nothing'],
    ['../*', 'collect.outside'],
    ['/etc/passwd', 'collect.outside'],
  ])('collecting %s fails the task with %s and keeps its result', async (pattern, code) => {
    const { outcome } = await shell('echo "a=1" >> "$ORDERLINES_RESULT"', { collect: [pattern] });
    expect(outcome).toMatchObject({ status: 'FAILURE', failure: { reason: 'user', code }, result: { a: 1 } });
  });

  it('a file among the inputs lies in the folder under its name, and its path is the input', async () => {
    const file = { $file: { name: 'dist/deep/c.txt', ...stored('three') } };
    const finished = await shell('echo "$FILE: $(cat "$FILE")"', {}, { env: { FILE: file as unknown as Json } });
    expect(resultOf(finished)['output']).toBe('dist/deep/c.txt: three\n');
  });

  it.each(['../out.txt', '/tmp/out.txt', 'a/../../out.txt', 'a\\b'])('a file with the name %s is refused', async (name) => {
    const file = { $file: { name, ...stored('bad') } };
    const { outcome } = await shell('echo never', {}, { env: { FILE: file as unknown as Json } });
    expect(outcome).toMatchObject({ status: 'FAILURE', failure: { code: 'file.unusable' } });
  });
});

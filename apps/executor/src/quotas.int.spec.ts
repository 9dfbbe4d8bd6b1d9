import { Platform } from './testing/platform.js';

describe('the quota of a namespace', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await Platform.start();
  }, 60_000);
  afterAll(() => platform?.close(), 30_000);

  const quota = (most: number | null) =>
    platform.pool.query(
      `insert into access.namespace (name, max_unfinished_runs, created_by, updated_by) values ('default', $1, 'test', 'test')
        on conflict (name) do update set max_unfinished_runs = excluded.max_unfinished_runs`,
      [most],
    );

  it('lets no more runs be unfinished than it says, whichever executors start them, and refuses the others', async () => {
    await quota(3);
    const executors = [await platform.executor(), await platform.executor()];
    const version = await platform.publish('name: waits\nflow: [{ id: wait, type: delay, for: 1h }]\n');
    const attempts = Array.from({ length: 10 }, (_, place) => platform.start(version, {}, { executor: executors[place % 2] }));
    const results = await Promise.allSettled(attempts);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(results.length - refused.length).toBe(3);
    for (const { reason } of refused) {
      expect((reason as { metadata: { get(name: string): unknown[] } }).metadata.get('orderlines-code')).toEqual(['namespace.quota']);
    }
    await quota(4);
    await platform.start(version);
    await expect(platform.start(version)).rejects.toMatchObject({ details: expect.stringContaining('as many unfinished runs as it may') });
  }, 60_000);
});

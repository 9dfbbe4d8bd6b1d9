import type { LogLine, LogPage } from '@orderlines/contracts';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { allEvents, eventsOf, nextEvent } from '../testing/sse.js';
import { buildProcess, simpleDefinition, StoredRun } from '../testing/stored-run.js';

describe('the log of a run', () => {
  let harness: GatewayHarness;
  let processId: string;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    processId = await buildProcess(harness, simpleDefinition('logged'));
  });
  afterAll(() => harness?.close());

  const newRun = () => new StoredRun(harness.pool).create(processId);
  const page = async (run: StoredRun, query = '') =>
    (await (await harness.ask('GET', `instances/${run.id}/logs${query}`)).json()) as LogPage;
  const follow = (run: StoredRun, query = '') => harness.ask('GET', `instances/${run.id}/logs/stream${query}`);
  const linesOf = (events: readonly { event?: string; data: string }[]) =>
    events.filter(({ event }) => event === 'lines').flatMap(({ data }) => JSON.parse(data) as LogLine[]);

  it('is read page by page', async () => {
    const run = await newRun();
    await run.log(0, 'one', 'two');
    await run.log(1, 'three');
    const first = await page(run, '?limit=1');
    expect(first.items).toMatchObject([
      { text: 'one', nodeId: 'say', level: 'info', attempt: 1 },
      { text: 'two', taskInstanceId: run.taskId },
    ]);
    expect(await page(run, `?cursor=${first.nextCursor}`)).toMatchObject({ items: [{ text: 'three' }], nextCursor: null });
    expect((await page(run, '?task=say')).items).toHaveLength(3);
    expect((await page(run, `?task=${run.taskId}`)).items).toHaveLength(3);
    expect((await page(run, '?task=other')).items).toEqual([]);
  });

  it('is followed to the end of the run, with lines that come after it', async () => {
    const run = await newRun();
    await run.log(0, 'early');
    const events = eventsOf(await follow(run));
    expect(linesOf([await nextEvent(events)])).toMatchObject([{ text: 'early' }]);
    await run.log(1, 'live');
    expect(linesOf([await nextEvent(events)])).toMatchObject([{ text: 'live' }]);
    await run.endTask(3);
    await run.fact({ type: 'instance', status: 'SUCCESS' });
    await run.log(2, 'late');
    expect(linesOf([await nextEvent(events)])).toMatchObject([{ text: 'late' }]);
    expect(await nextEvent(events)).toMatchObject({ event: 'end' });
  });

  it('resumes behind the last lines that were seen', async () => {
    const run = await newRun();
    await run.log(0, 'seen');
    await run.log(1, 'new');
    await run.endTask(2);
    await run.fact({ type: 'instance', status: 'SUCCESS' });
    const { nextCursor } = await page(run, '?limit=1');
    const answer = await harness.ask('GET', `instances/${run.id}/logs/stream`, undefined, { 'last-event-id': nextCursor ?? '' });
    expect(linesOf(await allEvents(answer)).map(({ text }) => text)).toEqual(['new']);
  });

  it('shows a gap instead of waiting for ever', async () => {
    const run = await newRun();
    await run.log(0, 'kept');
    await run.endTask(2);
    await run.fact({ type: 'instance', status: 'SUCCESS' });
    expect(linesOf(await allEvents(await follow(run)))).toMatchObject([
      { text: 'kept' },
      { level: 'warn', text: expect.stringContaining('1 of the 2 parts') },
    ]);
  });

  it('of a run that is not there is refused', async () => {
    const id = '01900000-0000-7000-8000-000000000000';
    expect((await harness.ask('GET', `instances/${id}/logs`)).status).toBe(404);
    expect((await harness.ask('GET', `instances/${id}/logs/stream`)).status).toBe(404);
    expect((await harness.ask('GET', `instances/${id}/logs?cursor=wrong`)).status).toBe(404);
  });
});

import type { AlarmPage, AlarmView, Overview } from '@orderlines/contracts';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { eventsOf, nextEvent } from '../testing/sse.js';
import { buildProcess, simpleDefinition, StoredRun } from '../testing/stored-run.js';

describe('what people are told of runs', () => {
  let harness: GatewayHarness;
  let processId: string;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    processId = await buildProcess(harness, simpleDefinition('told'));
  });
  afterAll(() => harness?.close());

  const ended = async (status: 'SUCCESS' | 'FAILURE' | 'STOP', reason: string | null = null) => {
    const run = await new StoredRun(harness.pool).create(processId);
    await run.fact({ type: 'instance', status });
    await harness.pool.query(`update runtime.process_instance set finished_at = now(), started_at = now(), error = $2 where id = $1`, [
      run.id,
      reason && JSON.stringify({ reason, message: 'it broke' }),
    ]);
    return run;
  };
  const alarms = async (query = '') => ((await (await harness.ask('GET', `alarms${query}`)).json()) as AlarmPage).items;

  it('a run that fails, takes too long or is stopped opens an alarm, one that succeeds does not', async () => {
    const runs = [await ended('FAILURE', 'plugin'), await ended('FAILURE', 'timeout.run'), await ended('STOP'), await ended('SUCCESS')];
    const found = new Map((await alarms()).map((alarm) => [alarm.instanceId, alarm]));
    expect(runs.map(({ id }) => found.get(id)?.kind)).toEqual(['FAILURE', 'TIMEOUT', 'STOP', undefined]);
    expect(found.get(runs[0]?.id ?? '')).toMatchObject({ level: 'severe', state: 'open', message: 'it broke', process: 'told' });
    expect((await alarms('?kind=TIMEOUT')).map(({ instanceId }) => instanceId)).toEqual([runs[1]?.id]);
    expect(await alarms('?process=other')).toEqual([]);
  });

  it('an alarm is acknowledged by somebody with a remark, and open again when the run ends badly once more', async () => {
    const run = await ended('FAILURE', 'plugin');
    const answer = await harness.ask('POST', `alarms/${run.id}/acknowledgement`, { remark: 'disk was full' });
    expect((await answer.json()) as AlarmView).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'admin', remark: 'disk was full' });
    expect((await alarms('?state=open')).map(({ instanceId }) => instanceId)).not.toContain(run.id);
    await harness.pool.query('update runtime.process_instance set generation = generation + 1 where id = $1', [run.id]);
    expect((await alarms('?state=open')).map(({ instanceId }) => instanceId)).toContain(run.id);
  });

  it('a run that did not end badly has no alarm to acknowledge', async () => {
    const run = await ended('SUCCESS');
    expect((await harness.ask('POST', `alarms/${run.id}/acknowledgement`, { remark: '' })).status).toBe(404);
  });

  it('the overview counts runs of today, the trend, rankings and open alarms', async () => {
    await ended('SUCCESS');
    const overview = (await (await harness.ask('GET', 'overview?step=day&zone=Asia/Shanghai')).json()) as Overview;
    expect(overview.today.SUCCESS).toBeGreaterThan(0);
    expect(overview.trend).toHaveLength(14);
    expect(overview.failing[0]).toMatchObject({ process: 'told' });
    expect(overview.alarming[0]).toMatchObject({ process: 'told', alarms: expect.any(Number) as number });
    expect(overview.slowest[0]).toMatchObject({ process: 'told' });
    expect(overview.taskTypes[0]).toMatchObject({ type: 'log' });
    expect((await harness.ask('GET', 'overview?zone=Mars/Base')).status).toBe(400);
  });

  it('one stream tells that runs have changed, and everything of those that are watched', async () => {
    const run = await new StoredRun(harness.pool).create(processId);
    await run.fact({ type: 'task', id: run.taskId });
    const events = eventsOf(await harness.ask('GET', `live?watch=${run.id}:0`));
    const facts = [];
    while (facts.length === 0) {
      const { event, data } = await nextEvent(events);
      if (event === 'facts') facts.push(JSON.parse(data) as unknown);
    }
    expect(facts).toMatchObject([{ instanceId: run.id, seq: 1, facts: [{ type: 'task' }] }]);
    await events.return();
    expect((await harness.ask('GET', 'live?watch=nonsense')).status).toBe(422);
  });
});

import { status } from '@grpc/grpc-js';
import { OVERLAP_POLICIES, MISSED_POLICIES, type OverlapPolicy } from '@orderlines/contracts';
import { Rig } from './testing/rig.js';

const MINUTE_MS = 60_000;
const everyMinute = { trigger: { type: 'cron' as const, expression: '* * * * *' } };

describe('a scheduler', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await Rig.start();
  }, 60_000);
  afterAll(() => rig.close());
  afterEach(async () => {
    await rig.executor.endAll('SUCCESS', rig.now);
    await rig.round(rig.scheduler());
    await rig.pool.query(`update schedule.schedule set state = 'removed'`);
    rig.executor.refusal = null;
  });

  it('starts a run for each slot when it is due, with the time of the slot as its logical time and the inputs of the schedule', async () => {
    const scheduler = rig.scheduler();
    const id = await rig.schedule({ plan: { trigger: { type: 'interval', every: '10s' } }, params: { day: 1 }, overlap: 'allow_all' });
    for (let second = 0; second < 30; second += 5) {
      rig.now += 5_000;
      await rig.round(scheduler);
    }
    expect(await rig.lines(id)).toEqual(['12:00:10 running', '12:00:20 running', '12:00:30 running']);
    const requests = [...rig.executor.runs.values()]
      .map(({ request }) => request)
      .filter(({ idempotencyKey }) => idempotencyKey.includes(id));
    expect(requests.map(({ logicalTime }) => new Date(logicalTime).toISOString().slice(11, 19))).toEqual([
      '12:00:10',
      '12:00:20',
      '12:00:30',
    ]);
    expect(requests[0]).toMatchObject({ paramsJson: '{"day":1}', origin: 'schedule' });
    await rig.executor.endAll('FAILURE', rig.now);
    await rig.round(scheduler);
    expect((await rig.ledger(id)).map(({ status: became, message }) => `${became}: ${message}`)).toEqual(Array(3).fill('failed: it broke'));
  });

  it('fires a date once and ends, and ends after the starts that were left', async () => {
    const scheduler = rig.scheduler();
    const once = await rig.schedule({ plan: { trigger: { type: 'date', at: new Date(rig.now + MINUTE_MS).toISOString().slice(0, 19) } } });
    const twice = await rig.schedule({ plan: everyMinute, remaining: 2, overlap: 'allow_all' });
    for (let minute = 0; minute < 5; minute += 1) {
      rig.now += MINUTE_MS;
      await rig.round(scheduler);
    }
    expect(await rig.lines(once)).toHaveLength(1);
    expect(await rig.state(once)).toMatchObject({ state: 'ended', note: 'no time of its plan lies ahead' });
    expect(await rig.lines(twice)).toHaveLength(2);
    expect(await rig.state(twice)).toMatchObject({ state: 'ended', remaining: 0, note: 'it has made all its starts' });
  });

  it('says in the ledger that the process is offline, slot by slot, and goes on when it is back', async () => {
    const scheduler = rig.scheduler();
    const processId = await rig.process();
    const id = await rig.schedule({ plan: everyMinute, processId });
    await rig.pool.query(`update definition.process_version set status = 'offline' where process_id = $1`, [processId]);
    const asked = rig.executor.asked.length;
    for (let look = 0; look < 6; look += 1) {
      rig.now += MINUTE_MS / 2;
      await rig.round(scheduler);
      await rig.round(scheduler);
    }
    const rows = await rig.ledger(id);
    expect(rows.map(({ status: became, reason }) => `${became} ${reason}`)).toEqual(Array(3).fill('refused process.not-published'));
    expect(rows[0]?.message).toContain('it is offline');
    expect(rig.executor.asked).toHaveLength(asked);
    await rig.pool.query(`update definition.process_version set status = 'published' where process_id = $1`, [processId]);
    rig.now += MINUTE_MS;
    await rig.round(scheduler);
    expect((await rig.lines(id)).at(-1)).toContain('running');
  });

  it('pauses a schedule whose run failed or was refused, when it is to, and says why', async () => {
    const scheduler = rig.scheduler();
    const failing = await rig.schedule({ plan: everyMinute, pauseOnFailure: true });
    rig.now += MINUTE_MS;
    await rig.round(scheduler);
    await rig.executor.endAll('FAILURE', rig.now);
    await rig.round(scheduler);
    expect(await rig.state(failing)).toMatchObject({
      state: 'paused',
      note: expect.stringMatching(/^paused on failure: run \d+ failed$/) as string,
    });
    const refused = await rig.schedule({ plan: everyMinute, pauseOnFailure: true });
    rig.executor.refusal = { code: status.INVALID_ARGUMENT, orderlinesCode: 'params.invalid', details: 'n is required' };
    rig.now += MINUTE_MS;
    await rig.round(scheduler);
    expect(await rig.lines(refused)).toEqual([expect.stringContaining('refused params.invalid')]);
    expect(await rig.state(refused)).toMatchObject({ state: 'paused', note: 'paused on failure: n is required' });
  });

  it('starts nothing while all schedules are switched off, says so for each slot, and goes on afterwards', async () => {
    const scheduler = rig.scheduler();
    const id = await rig.schedule({ plan: everyMinute });
    const switchTo = async (off: boolean) => {
      await rig.pool.query(
        `insert into system.parameter (name, value, version) values ('stop_all_schedule', $1, nextval('system.parameter_version')) on conflict (name) do update
          set value = excluded.value, version = nextval('system.parameter_version')`,
        [JSON.stringify(off)],
      );
      await rig.parameters.look();
    };
    await switchTo(true);
    for (let minute = 0; minute < 2; minute += 1) {
      rig.now += MINUTE_MS;
      await rig.round(scheduler);
    }
    await switchTo(false);
    rig.now += MINUTE_MS;
    await rig.round(scheduler);
    expect((await rig.lines(id)).map((line) => line.slice(9))).toEqual(['skipped switched-off', 'skipped switched-off', 'running']);
  });

  it('asks somebody before each start when it is to, and starts what was confirmed', async () => {
    const scheduler = rig.scheduler();
    const id = await rig.schedule({ plan: everyMinute, confirmGroups: ['ops'], missed: 'all' });
    rig.now += 2 * MINUTE_MS;
    await rig.round(scheduler);
    expect((await rig.lines(id)).map((line) => line.slice(9))).toEqual(['confirming', 'confirming']);
    await rig.pool.query(`update schedule.slot set status = 'confirmed' where id = $1`, [(await rig.ledger(id))[0]?.id]);
    await rig.round(scheduler);
    expect((await rig.lines(id)).map((line) => line.slice(9))).toEqual(['running', 'confirming']);
    rig.now += 25 * 3_600_000;
    await rig.pool.query(`update schedule.schedule set next_due_at = null where id = $1`, [id]);
    await rig.round(scheduler);
    expect((await rig.lines(id)).at(-1)).toContain('skipped unanswered');
  });

  it('tells of the result by the process that is named for it, once', async () => {
    const scheduler = rig.scheduler();
    await rig.process('tell');
    const params = { text: '${{ schedule.name }} ${{ slot.status }} ${{ run.id }}' };
    const id = await rig.schedule({
      plan: everyMinute,
      remaining: 1,
      callbacks: [{ states: ['failed'], process: 'default/tell', params }],
    });
    rig.now += MINUTE_MS;
    await rig.round(scheduler);
    await rig.executor.endAll('FAILURE', rig.now);
    for (let look = 0; look < 3; look += 1) await rig.round(scheduler);
    const told = [...rig.executor.runs.values()].filter(({ request }) => request.idempotencyKey.includes(':callback:'));
    expect(told.map(({ request }) => request)).toMatchObject([{ origin: 'event', actor: `schedule:default/s-${id.slice(0, 8)}` }]);
    expect(told[0]?.request.paramsJson).toMatch(/^\{"text":"s-\w+ failed [-\w]{36}"\}$/);
  });

  it('has a run for each slot although answers are lost and schedulers die between the claim and the note', async () => {
    const [dying, living] = [rig.scheduler(), rig.scheduler()];
    const id = await rig.schedule({ plan: everyMinute, overlap: 'allow_all' });
    rig.now += MINUTE_MS;
    await dying.due.decide();
    rig.executor.answersToLose = 1;
    await living.starts.startAll();
    // Taken by a scheduler that dies before it writes down what became of it.
    rig.now += MINUTE_MS;
    await living.due.decide();
    await rig.pool.query(`update schedule.slot set retry_at = $2 where schedule_id = $1 and status = 'starting'`, [
      id,
      new Date(rig.now + 30_000),
    ]);
    expect(await living.starts.startAll()).toBe(false);
    rig.now += 30_000;
    await living.starts.startAll();
    expect((await rig.lines(id)).map((line) => line.slice(9))).toEqual(['running', 'running']);
    expect([...rig.executor.runs.keys()].filter((key) => key.includes(id))).toHaveLength(2);
  });

  it('shares what is due with others: every slot is in the ledger once and every start has one run', async () => {
    const schedulers = [rig.scheduler(), rig.scheduler(), rig.scheduler()];
    const processId = await rig.process();
    const ids = await Promise.all(Array.from({ length: 60 }, () => rig.schedule({ plan: everyMinute, processId, overlap: 'allow_all' })));
    for (let minute = 0; minute < 5; minute += 1) {
      rig.now += MINUTE_MS;
      await Promise.all(schedulers.map((scheduler) => rig.round(scheduler)));
    }
    await rig.round(rig.scheduler());
    const { rows } = await rig.pool.query<{ slots: number; runs: number }>(
      `select count(*)::int as slots, count(distinct instance_id)::int as runs from schedule.slot where schedule_id = any($1)`,
      [ids],
    );
    expect(rows).toEqual([{ slots: 300, runs: 300 }]);
    expect([...rig.executor.runs.keys()].filter((key) => ids.some((id) => key.includes(id)))).toHaveLength(300);
  });

  it('runs a backfill as many at a time as it may, in its order', async () => {
    const scheduler = rig.scheduler();
    const id = await rig.schedule({ plan: everyMinute });
    await rig.pool.query(`update schedule.schedule set state = 'paused' where id = $1`, [id]);
    const slots = [3, 2, 1, 0].map((minute) => new Date(Date.parse('2026-11-01T00:00:00Z') + minute * MINUTE_MS));
    await rig.pool.query(
      `insert into schedule.backfill (id, schedule_id, from_at, until_at, reprocess, max_active, reverse, slots, state, created_by, created_at)
        values (gen_random_uuid(), $1, now(), now(), 'none', 3, true, $2, 'running', 't', now())`,
      [id, slots],
    );
    await rig.round(scheduler);
    await rig.round(scheduler);
    expect(await rig.lines(id)).toEqual(['00:01:00 running', '00:02:00 running', '00:03:00 running']);
    expect([...rig.executor.runs.values()].at(-1)?.request.origin).toBe('backfill');
    await rig.executor.endAll('SUCCESS', rig.now);
    for (let look = 0; look < 3; look += 1) {
      await rig.round(scheduler);
      await rig.executor.endAll('SUCCESS', rig.now);
    }
    await rig.round(scheduler);
    expect((await rig.lines(id)).map((line) => line.slice(9))).toEqual(Array(4).fill('succeeded'));
    expect((await rig.pool.query(`select state from schedule.backfill where schedule_id = $1`, [id])).rows).toEqual([{ state: 'done' }]);
  });

  describe('after an outage of 30 minutes', () => {
    /** What of 30 slots that were missed and the one that is due now becomes a run, waits, and is skipped, by both policies. */
    const EXPECTED: Readonly<Record<OverlapPolicy, Readonly<Record<(typeof MISSED_POLICIES)[number], readonly [number, number, number]>>>> =
      {
        skip: { none: [1, 0, 30], last: [1, 0, 30], all: [1, 0, 30] },
        buffer_one: { none: [1, 0, 30], last: [1, 0, 30], all: [2, 0, 29] },
        buffer_all: { none: [1, 0, 30], last: [1, 0, 30], all: [31, 0, 0] },
        cancel_other: { none: [1, 0, 30], last: [1, 0, 30], all: [1, 0, 30] },
        terminate_other: { none: [1, 0, 30], last: [1, 0, 30], all: [1, 0, 30] },
        allow_all: { none: [1, 0, 30], last: [1, 0, 30], all: [31, 0, 0] },
        allow: { none: [1, 0, 30], last: [1, 0, 30], all: [2, 0, 29] },
      };

    it.each(OVERLAP_POLICIES.flatMap((overlap) => MISSED_POLICIES.map((missed) => [overlap, missed] as const)))(
      'every slot is in the ledger once, and runs follow the policies: %s, %s',
      async (overlap, missed) => {
        const scheduler = rig.scheduler();
        rig.now = Math.ceil(rig.now / 3_600_000) * 3_600_000 + 2_000;
        const id = await rig.schedule({ plan: everyMinute, overlap, missed, overlapLimit: 2 });
        rig.now += 31 * MINUTE_MS - 1_000;
        await rig.round(scheduler);
        // Whatever waits gets its turn when what runs has ended.
        for (let look = 0; look < 40; look += 1) {
          await rig.executor.endAll('SUCCESS', rig.now);
          await rig.round(scheduler);
        }
        const rows = await rig.ledger(id);
        expect(new Set(rows.map(({ slot }) => slot)).size).toBe(31);
        expect(rows).toHaveLength(31);
        const count = (...statuses: string[]) => rows.filter(({ status: became }) => statuses.includes(became)).length;
        expect([count('succeeded', 'running'), count('waiting', 'starting'), count('skipped')]).toEqual(EXPECTED[overlap][missed]);
        expect([...rig.executor.runs.keys()].filter((key) => key.includes(id))).toHaveLength(EXPECTED[overlap][missed][0]);
      },
      60_000,
    );

    it('what lies before the catch-up window is one row for all of it', async () => {
      const scheduler = rig.scheduler();
      const id = await rig.schedule({ plan: everyMinute, missed: 'all', catchUp: '5m', overlap: 'allow_all' });
      rig.now += 31 * MINUTE_MS;
      await rig.round(scheduler);
      const lines = await rig.lines(id);
      expect(lines[0]).toContain('skipped missed');
      expect(lines.slice(1).every((line) => line.includes('running'))).toBe(true);
      expect(lines.length).toBeLessThan(9);
    });
  });

  it('stops what runs for a newer slot, and starts that when the other has ended', async () => {
    const scheduler = rig.scheduler();
    const id = await rig.schedule({ plan: everyMinute, overlap: 'terminate_other' });
    rig.now += MINUTE_MS;
    await rig.round(scheduler);
    for (let minute = 0; minute < 2; minute += 1) {
      rig.now += MINUTE_MS;
      await rig.round(scheduler);
    }
    expect((await rig.lines(id)).map((line) => line.slice(9))).toEqual(['running', 'skipped superseded', 'waiting']);
    expect(rig.executor.operations.at(-1)).toMatch(/^stop by force /);
    await rig.executor.endAll('STOP', rig.now);
    await rig.round(scheduler);
    expect((await rig.lines(id)).map((line) => line.slice(9))).toEqual(['stopped', 'skipped superseded', 'running']);
  });
});

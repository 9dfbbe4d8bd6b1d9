import { eventually } from '../harness/eventually.js';
import { buildProcess } from '../harness/load.js';
import { makeSchedules } from '../harness/many-schedules.js';
import { startTwoSchedulers, type TwoSchedulers } from './two-schedulers.js';

const SCHEDULES = 500;
/** The long one is run by hand: ORDERLINES_FAULT_SECONDS=120. */
const SECONDS = Number(process.env['ORDERLINES_FAULT_SECONDS'] ?? 20);
const KILL_EVERY_MS = 4_000;

interface Tally {
  readonly slots: number;
  readonly started: number;
  readonly instances: number;
  readonly runs: number;
  readonly open: number;
}

describe('schedules whose schedulers are killed', () => {
  let stage: TwoSchedulers;
  beforeAll(async () => (stage = await startTwoSchedulers()), 120_000);
  afterAll(() => stage?.close());

  const tally = async (): Promise<Tally> => {
    const { rows } = await stage.database.query<Tally>(
      `select count(*)::int as slots, count(*) filter (where status = 'succeeded')::int as started,
          count(distinct instance_id)::int as instances, count(*) filter (where status not in ('succeeded'))::int as open,
          (select count(*)::int from runtime.process_instance where origin = 'schedule') as runs
        from schedule.slot`,
    );
    return rows[0] as Tally;
  };

  it(
    'fire every slot once: the ledger has each of them, and each has exactly one run',
    async () => {
      const definition = { apiVersion: 'orderlines/v1', kind: 'Process', name: 'at-once', flow: [{ id: 'done', type: 'end' }] };
      const processId = await buildProcess(stage.system.platform, JSON.stringify(definition));
      const from = Math.ceil(Date.now() / 1_000) * 1_000 + 2_000;
      const until = from + SECONDS * 1_000;
      await makeSchedules(stage.database, { processId, count: SCHEDULES, from, everyMs: 1_000, spreadMs: 0, until });
      let killed = 0;
      while (Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, KILL_EVERY_MS));
        killed += 1;
        await stage.killOne();
      }
      const expected = SCHEDULES * SECONDS;
      await eventually(
        'every slot has ended',
        async () => {
          const { slots, started } = await tally();
          if (slots < expected || started < expected) throw new Error(`${slots} slots, ${started} of ${expected} have ended`);
          return true;
        },
        { limitMs: 120_000 + SECONDS * 8_000 },
      );
      const counted = await tally();
      console.log(JSON.stringify({ seconds: SECONDS, killed, drainedMs: Date.now() - until, ...counted }));
      expect(counted).toEqual({ slots: expected, started: expected, instances: expected, runs: expected, open: 0 });
      const { rows } = await stage.database.query<{ schedules: number; slots: number }>(
        `select count(distinct schedule_id)::int as schedules, count(distinct (schedule_id, slot_at))::int as slots from schedule.slot`,
      );
      expect(rows).toEqual([{ schedules: SCHEDULES, slots: expected }]);
      expect(killed).toBeGreaterThan(2);
    },
    240_000 + SECONDS * 10_000,
  );
});

import type { TriggerWithAddress } from '@orderlines/contracts';
import { eventually } from '../harness/eventually.js';
import { buildProcess } from '../harness/load.js';
import { startTwoSchedulers, type TwoSchedulers } from './two-schedulers.js';

const SECONDS = Number(process.env['ORDERLINES_FAULT_SECONDS'] ?? 20);
const KILL_EVERY_MS = 4_000;
const EVENTS_AT_ONCE = 20;
/** Each published twice, as a sender does that got no answer. */
const COPIES = 2;

describe('triggers whose schedulers are killed', () => {
  let stage: TwoSchedulers;
  beforeAll(async () => (stage = await startTwoSchedulers()), 120_000);
  afterAll(() => stage?.close());

  const post = async (path: string, body: object): Promise<Response> => {
    const answer = await stage.system.platform.fetch(path, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };

  it(
    'start exactly one run of each event and of each request, whatever dies',
    async () => {
      const definition = { apiVersion: 'orderlines/v1', kind: 'Process', name: 'at-once', flow: [{ id: 'done', type: 'end' }] };
      await buildProcess(stage.system.platform, JSON.stringify(definition));
      const settings = { process: 'default/at-once', maxPerMinute: 6_000 };
      await post('triggers', { name: 'events', ...settings, event: { types: ['fault.told'] } });
      const made = (await (await post('triggers', { name: 'requests', ...settings, webhook: {} })).json()) as TriggerWithAddress;
      const until = Date.now() + SECONDS * 1_000;
      let told = 0;
      let killed = 0;
      let nextKill = Date.now() + KILL_EVERY_MS;
      while (Date.now() < until) {
        const events = Array.from({ length: EVENTS_AT_ONCE }, (_, n) => ({ type: 'fault.told', id: String(told + n) }));
        for (let copy = 0; copy < COPIES; copy += 1) await post('events', { events });
        for (const { id } of events) {
          const headers = { 'idempotency-key': id };
          for (let copy = 0; copy < COPIES; copy += 1) await fetch(`${stage.system.platform.url}${made.path}`, { method: 'POST', headers });
        }
        told += EVENTS_AT_ONCE;
        if (Date.now() < nextKill) continue;
        killed += 1;
        await stage.killOne();
        nextKill = Date.now() + KILL_EVERY_MS;
      }
      const tally = async () => {
        const { rows } = await stage.database.query<{ origin: string; runs: number; starts: number }>(
          `select p.origin, count(*)::int as runs, count(distinct e.event_key)::int as starts
            from runtime.process_instance p left join schedule.trigger_evaluation e on e.instance_id = p.id and e.outcome = 'started'
            group by p.origin order by p.origin`,
        );
        return rows;
      };
      const expected = ['event', 'webhook'].map((origin) => ({ origin, runs: told, starts: told }));
      await eventually(
        'each event and request has its run',
        async () => {
          const counted = await tally();
          if (JSON.stringify(counted) !== JSON.stringify(expected)) throw new Error(`${told} told, ${JSON.stringify(counted)}`);
          return true;
        },
        { limitMs: 120_000, everyMs: 500 },
      );
      console.log(JSON.stringify({ seconds: SECONDS, killed, told }));
      expect(await tally()).toEqual(expected);
      expect(killed).toBeGreaterThan(2);
    },
    240_000 + SECONDS * 5_000,
  );
});

import type { CalendarContent, SchedulePlan } from '@orderlines/contracts';
import { readTimetable, type Timetable } from '@orderlines/timetable';
import type { PoolClient } from 'pg';

/** Timetables that are kept ready; of more schedules than this they are made again when a slot of theirs is due. */
const KEPT = 5_000;

/** A schedule's plan as it is stored; the revision grows with every change of it or of a calendar that it names. */
export interface StoredPlan {
  readonly id: string;
  readonly namespace: string;
  readonly revision: number;
  readonly plan: SchedulePlan;
}

/** Compiled plans of the schedules that fired lately; however many schedules there are, no more are held. */
export class Timetables {
  private readonly known = new Map<string, { readonly revision: number; readonly timetable: Timetable }>();

  /** The timetables by the ids of schedules; one is missing whose plan cannot be kept any more. */
  async of(client: PoolClient, plans: readonly StoredPlan[]): Promise<ReadonlyMap<string, Timetable>> {
    const missing = plans.filter(({ id, revision }) => this.known.get(id)?.revision !== revision);
    const calendars = await readCalendars(client, missing);
    for (const plan of missing) this.make(plan, calendars.get(plan.namespace) ?? {});
    return new Map(
      plans.flatMap(({ id, revision }) => {
        const known = this.known.get(id);
        return known?.revision === revision ? [[id, known.timetable] as const] : [];
      }),
    );
  }

  private make({ id, revision, plan }: StoredPlan, calendars: Readonly<Record<string, CalendarContent>>): void {
    this.known.delete(id);
    const { timetable } = readTimetable(plan, { calendars, seed: id });
    if (timetable === undefined) return;
    this.known.set(id, { revision, timetable });
    const oldest = this.known.keys().next();
    if (this.known.size > KEPT && !oldest.done) this.known.delete(oldest.value);
  }
}

const readCalendars = async (
  client: PoolClient,
  plans: readonly StoredPlan[],
): Promise<ReadonlyMap<string, Record<string, CalendarContent>>> => {
  const named = plans.flatMap(({ namespace, plan }) => plan.calendars.map((name) => ({ namespace, name })));
  if (named.length === 0) return new Map();
  const { rows } = await client.query<{ namespace: string; name: string; content: CalendarContent }>(
    `select c.namespace, c.name, c.content from schedule.calendar c
      where (c.namespace, c.name) in (select * from unnest($1::text[], $2::text[]))`,
    [named.map(({ namespace }) => namespace), named.map(({ name }) => name)],
  );
  const calendars = new Map<string, Record<string, CalendarContent>>();
  for (const { namespace, name, content } of rows) calendars.set(namespace, { ...calendars.get(namespace), [name]: content });
  return calendars;
};

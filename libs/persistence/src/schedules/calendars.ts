import type { CalendarBody, CalendarView } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';

interface CalendarRow {
  namespace: string;
  name: string;
  description: string;
  content: Omit<CalendarBody, 'description'>;
  updated_by: string;
  updated_at: Date;
}

const COLUMNS = 'namespace, name, description, content, updated_by, updated_at';

const toView = ({ content, updated_by: updatedBy, updated_at: updatedAt, ...row }: CalendarRow): CalendarView => ({
  ...row,
  ...content,
  updatedBy,
  updatedAt: updatedAt.toISOString(),
});

/** Calendars by namespace and name, of one namespace where it is named; 1,000 at most. */
export const listCalendars = async (manager: EntityManager, namespace?: string): Promise<CalendarView[]> =>
  (
    await manager.query<CalendarRow[]>(
      `select ${COLUMNS} from schedule.calendar where $1::text is null or namespace = $1 order by namespace, name limit 1000`,
      [namespace ?? null],
    )
  ).map(toView);

/** A calendar; null: there is none. */
export const findCalendar = async (manager: EntityManager, namespace: string, name: string): Promise<CalendarView | null> => {
  const [row] = await manager.query<CalendarRow[]>(`select ${COLUMNS} from schedule.calendar where namespace = $1 and name = $2`, [
    namespace,
    name,
  ]);
  return row === undefined ? null : toView(row);
};

/** Stores a calendar, also over an older one. */
export const saveCalendar = async (
  manager: EntityManager,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { description, ...content }: CalendarBody,
  actor: string,
): Promise<void> => {
  await manager.query(
    `insert into schedule.calendar (namespace, name, description, content, updated_by) values ($1, $2, $3, $4, $5)
      on conflict (namespace, name) do update set description = excluded.description, content = excluded.content,
        updated_by = excluded.updated_by, updated_at = now()`,
    [namespace, name, description, JSON.stringify(content), actor],
  );
};

/** Removes a calendar. */
export const removeCalendar = async (manager: EntityManager, namespace: string, name: string): Promise<void> => {
  await manager.query('delete from schedule.calendar where namespace = $1 and name = $2', [namespace, name]);
};

/** Ids of the schedules that leave out the days of a calendar, locked. */
export const lockSchedulesWithCalendar = async (manager: EntityManager, namespace: string, name: string): Promise<string[]> => {
  const rows = await manager.query<{ id: string }[]>(
    `select id from schedule.schedule where namespace = $1 and state <> 'removed' and plan -> 'calendars' ? $2 order by id for update`,
    [namespace, name],
  );
  return rows.map(({ id }) => id);
};

import type { Subject, SubjectObject } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import { findProcess } from '../definitions/processes.js';
import { RUN_ATTRIBUTES } from '../read-models/attributes.js';
import { findSchedule } from '../schedules/schedules.js';
import { findTrigger } from '../triggers/triggers.js';

const ANY = /^/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How what a reference names is looked up as rules see it. */
type Finder = (manager: EntityManager, reference: string) => Promise<SubjectObject | null>;

const byQuery =
  (text: string, pattern = UUID): Finder =>
  async (manager, reference) => {
    if (!pattern.test(reference)) return null;
    const [row] = await manager.query<SubjectObject[]>(text, [reference]);
    return row ?? null;
  };

const RUN = Object.entries(RUN_ATTRIBUTES)
  .map(([attribute, column]) => `${column} as ${attribute}`)
  .join(', ');
const inNamespace = (table: string): Finder => byQuery(`select namespace, name from ${table} where namespace || '/' || name = $1`, ANY);
const run = byQuery(`select ${RUN} from runtime.process_instance i where i.id = $1`);

const FINDERS: Readonly<Partial<Record<Subject, Finder>>> = {
  Process: async (manager, reference) => {
    const process = await findProcess(manager, reference);
    return process && { namespace: process.namespace, name: process.name, owner: process.createdBy, labels: process.labels };
  },
  Namespace: async (_manager, name) => ({ namespace: name }),
  User: byQuery('select user_name as name from access.user_account where lower(user_name) = lower($1) or id::text = lower($1)', ANY),
  // Routes name the user whose tokens they are about.
  Token: byQuery(
    `select u.user_name as owner from access.user_account u where lower(u.user_name) = lower($1) or u.id::text = lower($1)
      or exists (select from access.api_token t where t.user_id = u.id and t.id::text = lower($1))`,
    ANY,
  ),
  Department: byQuery('select name from access.department where id = $1'),
  Parameter: (_manager, name) => Promise.resolve({ name }),
  Secret: inNamespace('system.secret'),
  Variable: inNamespace('definition.variable'),
  Role: byQuery('select name from access.role where lower(name) = lower($1)', ANY),
  Group: byQuery(
    `select g.name, o.user_name as owner from access.user_group g left join access.user_account o on o.id = g.owner_id
      where lower(g.name) = lower($1)`,
    ANY,
  ),
  Schedule: async (manager, reference) => {
    const schedule = await findSchedule(manager, reference);
    return schedule && { namespace: schedule.namespace, name: schedule.name, owner: schedule.createdBy };
  },
  Trigger: async (manager, reference) => {
    const trigger = await findTrigger(manager, reference);
    return trigger && { namespace: trigger.namespace, name: trigger.name, owner: trigger.createdBy, labels: trigger.labels };
  },
  Instance: run,
  Approval: run,
  ParkedEvent: byQuery(
    `select ${RUN} from runtime.parked_event e join runtime.process_instance i on i.id = e.process_instance_id where e.id = $1`,
  ),
};

/** What a reference names, as rules see it; null: there is none, or things of this kind cannot be looked up, which allows nothing. */
export const findSubjectObject = async (manager: EntityManager, subject: Subject, reference: string): Promise<SubjectObject | null> =>
  (await FINDERS[subject]?.(manager, reference)) ?? null;

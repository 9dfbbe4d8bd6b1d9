import {
  parseDuration,
  type CalendarContent,
  type JsonObject,
  type Problem,
  type SchedulePlan,
  type ScheduleSettings,
} from '@orderlines/contracts';
import { findCalendar, type NextSlot } from '@orderlines/persistence';
import { readTemplate } from '@orderlines/process-engine';
import { problemsFrom, readTimetable, type Timetable } from '@orderlines/timetable';
import type { EntityManager } from 'typeorm';
import { RequestRefused } from '../problems/request-refused.js';

/** Starts are recognized as repeated for seven days; nothing is made up for that is nearly as old. */
const MAX_CATCH_UP_MS = 6 * 86_400_000;
/** What the params of callbacks read. */
const CALLBACK_ROOTS: readonly string[] = ['schedule', 'slot', 'run'];

/** The plan of a schedule as a timetable; refused with everything that is wrong with it, its paths below `plan`. */
export const requireTimetable = async (
  manager: EntityManager,
  namespace: string,
  plan: SchedulePlan,
  seed: string,
  others: readonly Problem[] = [],
): Promise<Timetable> => {
  const { timetable, problems } = readTimetable(plan, { calendars: await calendarsOf(manager, namespace, plan), seed });
  const all = [...problems.map((problem) => ({ ...problem, path: `plan.${problem.path}` })), ...others];
  if (timetable !== undefined && others.length === 0) return timetable;
  throw scheduleRefused(all);
};

/** The first slot from now on; refused when there is none. */
export const requireNext = (plan: SchedulePlan, timetable: Timetable): NextSlot => {
  const problems = problemsFrom(plan, timetable, Date.now()).map((problem) => ({ ...problem, path: `plan.${problem.path}` }));
  const next = timetable.next(Date.now());
  if (next === null || problems.length > 0) throw scheduleRefused(problems);
  return next;
};

/** What is wrong with settings beside their plan. */
export const settingsProblems = ({ catchUp, callbacks }: ScheduleSettings): Problem[] => {
  const problems: Problem[] = [];
  const report = (code: string, message: string, path: string) => problems.push({ code, message, path, severity: 'error' });
  const catchUpMs = parseDuration(catchUp);
  if (catchUpMs === undefined || catchUpMs > MAX_CATCH_UP_MS) {
    report('schedule.duration', `\`${catchUp}\` is no duration up to six days: write \`30m\`, \`12h\` or \`1d\``, 'catchUp');
  }
  for (const [index, { params }] of callbacks.entries()) {
    const { mistakes, expressions } = readTemplate(params as JsonObject);
    for (const { path, error } of mistakes) {
      report('schedule.expression', error.message, `callbacks[${index}].params.${path.join('.')}`);
    }
    for (const { path, expression } of expressions) {
      const unknown = expression.uses.find(({ root }) => !CALLBACK_ROOTS.includes(root));
      if (unknown === undefined) continue;
      report(
        'schedule.expression',
        `there is no \`${unknown.root}\` here: \`schedule\`, \`slot\` and \`run\` can be read`,
        `callbacks[${index}].params.${path.join('.')}`,
      );
    }
  }
  return problems;
};

const calendarsOf = async (manager: EntityManager, namespace: string, plan: SchedulePlan): Promise<Record<string, CalendarContent>> => {
  const found = await Promise.all(plan.calendars.map((name) => findCalendar(manager, namespace, name)));
  return Object.fromEntries(found.flatMap((calendar) => (calendar === null ? [] : [[calendar.name, calendar]])));
};

const scheduleRefused = (problems: readonly Problem[]): RequestRefused =>
  new RequestRefused('schedule.invalid', problems.map(({ message }) => message).join('; '), 422, { errors: problems });

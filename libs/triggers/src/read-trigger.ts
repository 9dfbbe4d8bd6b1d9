import {
  MAX_DURATION_MS,
  parseDuration,
  SchedulePlan,
  type JsonObject,
  type Problem,
  type TriggerAbsence,
  type TriggerDebounce,
  type TriggerSettings,
} from '@orderlines/contracts';
import { ExpressionError, parseExpression, readTemplate, type Expression, type Template } from '@orderlines/process-engine';
import { readTimetable, type Timetable } from '@orderlines/timetable';
import type { AbsenceRule, DebounceRule, TriggerRule } from './trigger-rule.js';

/** What filters and `by` read. */
const FILTER_ROOTS: readonly string[] = ['event', 'trigger'];
/** What params read. */
const PARAM_ROOTS: readonly string[] = ['event', 'events', 'trigger', 'absence'];

/** What of a trigger's settings says how it judges events. */
export type JudgingSettings = Pick<TriggerSettings, 'filter' | 'params' | 'webhook' | 'event'>;

/** A rule, or everything that is wrong with the settings. */
export type ReadTrigger =
  { readonly rule: TriggerRule; readonly problems: readonly [] } | { readonly rule?: undefined; readonly problems: readonly Problem[] };

/** Reads the settings of a trigger, all problems at once; their paths begin at the settings. */
export const readTrigger = ({ filter, params, webhook, event }: JudgingSettings): ReadTrigger => {
  const reading = new SettingsReading();
  if (webhook) reading.duration(webhook.signature.tolerance, 'webhook.signature.tolerance');
  const rule: TriggerRule = {
    types: event?.types ?? null,
    filter: reading.expression(filter, 'filter'),
    params: reading.params(params),
    debounce: event?.debounce ? reading.debounce(event.debounce) : null,
    absence: event?.absence ? reading.absence(event.absence) : null,
  };
  if (event?.debounce && event.absence) {
    reading.report('an event that does not happen cannot be debounced: leave out one of the two', 'event.debounce');
  }
  return reading.problems.length === 0 ? { rule, problems: [] } : { problems: reading.problems };
};

class SettingsReading {
  readonly problems: Problem[] = [];

  report(message: string, path: string, code = 'trigger.invalid'): void {
    this.problems.push({ code, message, path, severity: 'error' });
  }

  /** Milliseconds of a duration of one second or more; NaN, which is like no other, when it is none. */
  duration(text: string, path: string): number {
    const milliseconds = parseDuration(text);
    if (milliseconds !== undefined && milliseconds >= 1_000 && milliseconds <= MAX_DURATION_MS) return milliseconds;
    this.report(`\`${text}\` is no duration from one second to 366 days: write \`30s\`, \`5m\` or \`12h\``, path);
    return NaN;
  }

  /** An expression over an event; null: there is none. */
  expression(source: string, path: string): Expression | null {
    if (source.trim() === '') return null;
    try {
      const expression = parseExpression(source);
      this.requireRoots(expression, FILTER_ROOTS, path);
      return expression;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.report(error.message, path, 'trigger.expression');
      return null;
    }
  }

  params(params: JsonObject): Template {
    const { template, mistakes, expressions } = readTemplate(params);
    for (const { path, error } of mistakes) this.report(error.message, `params.${path.join('.')}`, 'trigger.expression');
    for (const { path, expression } of expressions) this.requireRoots(expression, PARAM_ROOTS, `params.${path.join('.')}`);
    return template;
  }

  debounce({ quiet, atMost, give, by }: TriggerDebounce): DebounceRule {
    const quietMs = this.duration(quiet, 'event.debounce.quiet');
    const atMostMs = this.duration(atMost, 'event.debounce.atMost');
    if (atMostMs < quietMs)
      this.report(`it starts after ${atMost} at most, so it can never be quiet for ${quiet}`, 'event.debounce.atMost');
    return { quietMs, atMostMs, give, by: this.expression(by, 'event.debounce.by') };
  }

  absence({ within, after, deadline, by }: TriggerAbsence): AbsenceRule | null {
    if ((within === null) === (deadline === null)) {
      this.report('an absence has either `within` (with or without `after`) or a `deadline`', 'event.absence');
      return null;
    }
    if (deadline !== null) {
      if (after !== null) this.report('`after` goes with `within`, not with a `deadline`', 'event.absence.after');
      const timetable = this.deadline(deadline);
      return timetable === undefined ? null : { kind: 'deadline', timetable };
    }
    const withinMs = this.duration(within ?? '', 'event.absence.within');
    const key = this.expression(by, 'event.absence.by');
    if (after === null) {
      if (key !== null) this.report('`by` goes with `after`: nothing tells which events are missing without it', 'event.absence.by');
      return { kind: 'silence', withinMs };
    }
    return { kind: 'after', withinMs, types: after.types, filter: this.expression(after.filter, 'event.absence.after.filter'), by: key };
  }

  private deadline({ cron, zone }: { readonly cron: string; readonly zone: string }): Timetable | undefined {
    const plan = SchedulePlan.parse({ trigger: { type: 'cron', expression: cron }, zone });
    const { timetable, problems } = readTimetable(plan, { calendars: {}, seed: '' });
    for (const { message, path } of problems) this.report(message, `event.absence.deadline.${path === 'zone' ? 'zone' : 'cron'}`);
    if (timetable?.next(Date.now()) === null) this.report('no time of this cron lies ahead', 'event.absence.deadline.cron');
    return timetable;
  }

  private requireRoots({ uses }: Expression, known: readonly string[], path: string): void {
    const unknown = uses.find(({ root }) => !known.includes(root));
    if (unknown === undefined) return;
    const names = known.map((root) => `\`${root}\``).join(', ');
    this.report(`there is no \`${unknown.root}\` here: ${names} can be read`, path, 'trigger.expression');
  }
}

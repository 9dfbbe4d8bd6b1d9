import type {
  DstRule,
  Json,
  MissedPolicy,
  OverlapPolicy,
  SchedulePlan,
  ScheduleSettings,
  ScheduleTrigger,
  ScheduleView,
} from '@orderlines/contracts';

/** What somebody is writing of a schedule, as it stands in the fields. */
export interface ScheduleDraft {
  readonly namespace: string;
  readonly name: string;
  readonly description: string;
  readonly process: string;
  readonly type: ScheduleTrigger['type'];
  readonly at: string;
  readonly every: string;
  readonly from: string;
  readonly expression: string;
  readonly zone: string;
  readonly dst: DstRule;
  readonly start: string;
  readonly end: string;
  readonly calendars: string;
  readonly jitter: string;
  readonly overlap: OverlapPolicy;
  readonly overlapLimit: string;
  readonly missed: MissedPolicy;
  readonly catchUp: string;
  readonly confirm: string;
  readonly callbacks: string;
  readonly remaining: string;
  readonly pauseOnFailure: boolean;
}

/** What a person writes in the fields. */
export type ScheduleWritten = Partial<ScheduleDraft>;

const names = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** A new schedule, of a process where one is given. */
export const newDraft = (zone: string, process = ''): ScheduleDraft => ({
  namespace: 'default',
  name: '',
  description: '',
  process,
  type: 'cron',
  at: '',
  every: '1h',
  from: '',
  expression: '0 9 * * 1-5',
  zone,
  dst: 'once',
  start: '',
  end: '',
  calendars: '',
  jitter: '0s',
  overlap: 'skip',
  overlapLimit: '1',
  missed: 'last',
  catchUp: '1d',
  confirm: '',
  callbacks: '[]',
  remaining: '',
  pauseOnFailure: false,
});

/** A schedule as it stands in the fields. */
export const draftOf = (schedule: ScheduleView): ScheduleDraft => {
  const { plan, namespace, name, description, process, overlap, missed, catchUp, pauseOnFailure } = schedule;
  return {
    ...newDraft(plan.zone, process),
    ...{ namespace, name, description, overlap, missed, catchUp, pauseOnFailure },
    ...plan.trigger,
    dst: plan.dst,
    start: plan.start ?? '',
    end: plan.end ?? '',
    calendars: plan.calendars.join(', '),
    jitter: plan.jitter,
    overlapLimit: String(schedule.overlapLimit),
    confirm: (schedule.confirm?.groups ?? []).join(', '),
    callbacks: JSON.stringify(schedule.callbacks, null, 2),
    remaining: schedule.remaining === null ? '' : String(schedule.remaining),
  };
};

/** The plan that the fields write. */
export const planOf = (draft: ScheduleDraft): SchedulePlan => ({
  trigger: triggerOf(draft),
  zone: draft.zone.trim() || 'UTC',
  dst: draft.dst,
  ...(draft.start && { start: draft.start }),
  ...(draft.end && { end: draft.end }),
  calendars: names(draft.calendars),
  jitter: draft.jitter.trim() || '0s',
});

/** The settings that the fields write; throws where the callbacks are no JSON. */
export const settingsOf = (draft: ScheduleDraft, params: Readonly<Record<string, Json>>): ScheduleSettings => {
  const groups = names(draft.confirm);
  return {
    description: draft.description,
    process: draft.process.trim(),
    plan: planOf(draft),
    params: { ...params },
    overlap: draft.overlap,
    overlapLimit: draft.overlap === 'allow' ? Number(draft.overlapLimit) : 1,
    missed: draft.missed,
    catchUp: draft.catchUp.trim() || '1d',
    confirm: groups.length === 0 ? null : { groups },
    callbacks: JSON.parse(draft.callbacks || '[]') as ScheduleSettings['callbacks'],
    pauseOnFailure: draft.pauseOnFailure,
    remaining: draft.remaining === '' ? null : Number(draft.remaining),
  };
};

/** When a schedule fires, in a few words that need no translation. */
export const planText = ({ trigger }: SchedulePlan): string => {
  switch (trigger.type) {
    case 'date':
      return trigger.at.replace('T', ' ');
    case 'interval':
      return `↻ ${trigger.every}`;
    case 'cron':
      return trigger.expression;
  }
};

const triggerOf = ({ type, at, every, from, expression }: ScheduleDraft): ScheduleTrigger => {
  switch (type) {
    case 'date':
      return { type, at };
    case 'interval':
      return { type, every: every.trim(), ...(from && { from }) };
    case 'cron':
      return { type, expression: expression.trim() };
  }
};

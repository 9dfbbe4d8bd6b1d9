import type {
  EventRule,
  FormField,
  Json,
  SignatureStyle,
  TriggerAbsence,
  TriggerDebounce,
  TriggerKind,
  TriggerSettings,
  TriggerView,
} from '@orderlines/contracts';
import { fieldText, fieldValue } from '@orderlines/console/ui';

/** When a trigger of events starts: at each one, after they ended, or when they do not come. */
export const EVENT_WAYS = ['each', 'debounce', 'absence'] as const;
/** When a trigger of events starts. */
export type EventWay = (typeof EVENT_WAYS)[number];

/** What an absence is counted from: another event, the last one, or a clock. */
export const ABSENCE_KINDS = ['after', 'within', 'deadline'] as const;
/** What an absence is counted from. */
export type AbsenceKind = (typeof ABSENCE_KINDS)[number];

/** What somebody is writing of a trigger, as it stands in the fields. */
export interface TriggerDraft {
  readonly namespace: string;
  readonly name: string;
  readonly description: string;
  readonly labels: string;
  readonly process: string;
  readonly kind: TriggerKind;
  readonly filter: string;
  readonly maxPerMinute: string;
  readonly params: Readonly<Record<string, string>>;
  readonly style: SignatureStyle;
  readonly secret: string;
  readonly tolerance: string;
  readonly types: string;
  readonly way: EventWay;
  readonly quiet: string;
  readonly atMost: string;
  readonly give: TriggerDebounce['give'];
  readonly by: string;
  readonly absence: AbsenceKind;
  readonly afterTypes: string;
  readonly afterFilter: string;
  readonly within: string;
  readonly cron: string;
  readonly zone: string;
}

/** What a person writes in the fields. */
export type TriggerWritten = Partial<TriggerDraft>;

/** A new trigger, of a process where one is given. */
export const newDraft = (zone: string, process = ''): TriggerDraft => ({
  namespace: 'default',
  name: '',
  description: '',
  labels: '',
  process,
  kind: 'webhook',
  filter: '',
  maxPerMinute: '60',
  params: {},
  style: 'none',
  secret: '',
  tolerance: '5m',
  types: '',
  way: 'each',
  quiet: '30s',
  atMost: '10m',
  give: 'last',
  by: '',
  absence: 'after',
  afterTypes: '',
  afterFilter: '',
  within: '1d',
  cron: '0 6 * * *',
  zone,
});

/** A trigger as it stands in the fields. */
export const draftOf = (trigger: TriggerView, zone: string): TriggerDraft => {
  const { namespace, name, description, process, kind, filter, webhook, event } = trigger;
  return {
    ...newDraft(zone, process),
    ...{ namespace, name, description, kind, filter },
    labels: Object.entries(trigger.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
    maxPerMinute: String(trigger.maxPerMinute),
    params: Object.fromEntries(Object.entries(trigger.params).map(([param, value]) => [param, fieldText(value as Json)])),
    ...(webhook && { ...webhook.signature, secret: webhook.signature.secret ?? '' }),
    ...(event && eventDraft(event)),
  };
};

/** The settings that the fields write; throws where a value is none of its param's type. Params that nobody declares stay as stored. */
export const settingsOf = (draft: TriggerDraft, params: Readonly<Record<string, Json>>): TriggerSettings => ({
  description: draft.description,
  labels: labelsOf(draft.labels),
  process: draft.process.trim(),
  filter: draft.filter.trim(),
  params: { ...params },
  maxPerMinute: Number(draft.maxPerMinute),
  webhook: draft.kind === 'webhook' ? { signature: signatureOf(draft) } : null,
  event: draft.kind === 'event' ? ruleOf(draft) : null,
});

/** What a param is given: an expression as it is written, anything else as a value of its type. Throws when it is none. */
export const paramValue = (field: Pick<FormField, 'type'>, text: string): Json => {
  const isStructure = field.type === 'list' || field.type === 'map';
  if (isStructure ? text.trim().startsWith('${{') : text.includes('${{')) return text;
  return fieldValue(field, text);
};

/** What a trigger hears, in a few words that need no translation. */
export const hearsText = ({ event, tokenHint }: Pick<TriggerView, 'event' | 'tokenHint'>): string =>
  event === null ? `${tokenHint ?? ''}…` : event.types.join(', ');

/** An event that is tried, to begin with. */
export const sampleOf = ({ event }: Pick<TriggerView, 'event'>): object =>
  event === null
    ? { body: {}, headers: {}, query: {} }
    : { type: (event.types[0] ?? '').replaceAll('*', 'something'), subject: '', data: {} };

const list = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((word) => word.trim())
    .filter((word) => word !== '');

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .map((pair) => pair.trim())
      .filter((pair) => pair !== '')
      .map((pair) => {
        const at = pair.includes('=') ? pair.indexOf('=') : pair.length;
        return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
      }),
  );

const signatureOf = ({ style, secret, tolerance }: TriggerDraft) => ({
  style,
  secret: style === 'none' || secret.trim() === '' ? null : secret.trim(),
  tolerance: tolerance.trim() || '5m',
});

const ruleOf = (draft: TriggerDraft): EventRule => ({
  types: list(draft.types),
  debounce:
    draft.way === 'debounce' ? { quiet: draft.quiet.trim(), atMost: draft.atMost.trim(), give: draft.give, by: draft.by.trim() } : null,
  absence: draft.way === 'absence' ? absenceOf(draft) : null,
});

const absenceOf = (draft: TriggerDraft): TriggerAbsence => {
  const nothing = { within: null, after: null, deadline: null, by: '' };
  const within = draft.within.trim();
  switch (draft.absence) {
    case 'after':
      return { ...nothing, within, after: { types: list(draft.afterTypes), filter: draft.afterFilter.trim() }, by: draft.by.trim() };
    case 'within':
      return { ...nothing, within };
    case 'deadline':
      return { ...nothing, deadline: { cron: draft.cron.trim(), zone: draft.zone.trim() } };
  }
};

const eventDraft = ({ types, debounce, absence }: EventRule): TriggerWritten => ({
  types: types.join(', '),
  ...(debounce && { way: 'debounce', ...debounce }),
  ...(absence && absenceDraft(absence)),
});

const absenceDraft = ({ within, after, deadline, by }: TriggerAbsence): TriggerWritten => ({
  way: 'absence',
  by,
  ...(within !== null && { absence: 'within', within }),
  ...(after && { absence: 'after', afterTypes: after.types.join(', '), afterFilter: after.filter }),
  ...(deadline && { absence: 'deadline', ...deadline }),
});

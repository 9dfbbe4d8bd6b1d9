import { inject } from '@angular/core';
import { WEEKDAYS, type CalendarView } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { formatTime, Language, wholeList } from '@orderlines/console/ui';
import { field, type RecordKind } from '../record/record-kind.js';

/** Days that a calendar shows in its row. */
const SHOWN_DAYS = 4;

/** Calendars: days on which schedules of their namespace do not fire. */
export const calendarsKind = (): RecordKind<CalendarView> => {
  const api = inject(Api);
  const language = inject(Language);
  return {
    name: 'calendars',
    title: 'nav.calendars',
    columns: [
      { id: 'name', label: 'access.name', text: ({ name }) => name },
      { id: 'namespace', label: 'system.namespace', text: ({ namespace }) => namespace },
      { id: 'weekdays', label: 'calendars.weekdays', text: ({ weekdays }) => weekdays.join(', ') },
      { id: 'dates', label: 'calendars.dates', text: ({ dates }) => shortened(dates) },
      { id: 'ical', label: 'calendars.ical', text: ({ ical }) => eventsOf(ical), numeric: true },
      { id: 'description', label: 'access.description', text: ({ description }) => description },
      { id: 'updatedBy', label: 'system.updatedBy', text: ({ updatedBy }) => updatedBy },
      { id: 'updatedAt', label: 'system.updatedAt', text: ({ updatedAt }) => formatTime(updatedAt, language.current()), optional: true },
    ],
    filters: [{ id: 'text', label: 'records.search', kind: 'text' }],
    source: wholeList(
      (signal) => api.call('GET calendars', { query: {}, signal }),
      ({ name, namespace, description }) => `${namespace}/${name} ${description}`,
    ),
    key: keyOf,
    nameOf: keyOf,
    write: ['write', 'Schedule'],
    remove: {
      right: ['delete', 'Schedule'],
      run: ({ name, namespace }) => api.call('DELETE calendars/:name', { name, query: { namespace } }),
    },
    fields: (calendar) => [
      ...(calendar
        ? []
        : [
            field('name', 'access.name', { required: true }),
            field('namespace', 'system.namespace', { required: true, default: 'default', description: 'calendars.namespaceHint' }),
          ]),
      field('weekdays', 'calendars.weekdays', { default: (calendar?.weekdays ?? []).join(', '), description: 'calendars.weekdaysHint' }),
      field('dates', 'calendars.dates', { type: 'text', default: (calendar?.dates ?? []).join('\n'), description: 'calendars.datesHint' }),
      field('ical', 'calendars.icalText', { type: 'text', default: calendar?.ical ?? '', description: 'calendars.icalHint' }),
      field('description', 'access.description', { default: calendar?.description ?? '' }),
    ],
    save: async ({ name, namespace, weekdays, dates, ical, description }, calendar) => {
      await api.call('PUT calendars/:name', {
        name: calendar?.name ?? String(name),
        query: { namespace: calendar?.namespace ?? String(namespace) },
        body: {
          weekdays: words(weekdays).map((day) => day.toLowerCase()) as (typeof WEEKDAYS)[number][],
          dates: words(dates),
          ical: String(ical ?? ''),
          description: String(description ?? ''),
        },
      });
    },
  };
};

const keyOf = ({ namespace, name }: CalendarView): string => `${namespace}/${name}`;
const words = (text: unknown): string[] =>
  String(text ?? '')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
const shortened = (days: readonly string[]): string => days.slice(0, SHOWN_DAYS).join(', ') + (days.length > SHOWN_DAYS ? ' …' : '');
const eventsOf = (ical: string): number => ical.split('BEGIN:VEVENT').length - 1;

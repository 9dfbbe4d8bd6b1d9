import { inject } from '@angular/core';
import type { ApiLogEntry, AuditView, FormField, Json, ParameterView } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { fieldText, formatTime, Language, wholeList, type Filter } from '@orderlines/console/ui';
import { field, type RecordKind } from '../record/record-kind.js';

const TEXT: Filter = { id: 'text', label: 'records.search', kind: 'text' };
const nothing = () => Promise.resolve();

/** System parameters: what steers the services while they run. */
export const parametersKind = (): RecordKind<ParameterView> => {
  const api = inject(Api);
  const language = inject(Language);
  return {
    name: 'parameters',
    title: 'nav.parameters',
    columns: [
      { id: 'name', label: 'access.name', text: ({ name }) => name },
      { id: 'value', label: 'system.value', text: ({ value }) => fieldText(value as Json) },
      { id: 'default', label: 'system.default', text: (parameter) => fieldText(parameter.default as Json) },
      { id: 'description', label: 'access.description', text: ({ description }) => description[language.current() === 'en' ? 'en' : 'zh'] },
      { id: 'readBy', label: 'system.readBy', text: ({ readBy }) => readBy.join(', '), optional: true },
      { id: 'updatedBy', label: 'system.updatedBy', text: ({ updatedBy }) => updatedBy },
    ],
    filters: [TEXT],
    source: wholeList(
      (signal) => api.call('GET parameters', { signal }),
      ({ name, description }) => `${name} ${description.en} ${description.zh}`,
    ),
    key: ({ name }) => name,
    nameOf: ({ name }) => name,
    write: ['write', 'Parameter'],
    fields: (parameter) => (parameter ? [parameterField(parameter)] : null),
    save: async ({ value }, parameter) => {
      if (parameter) await api.call('PUT parameters/:name', { name: parameter.name, body: { value: value ?? '' } });
    },
    actions: [
      {
        label: 'system.reset',
        icon: 'undo',
        isPossible: ({ version }) => version !== null,
        run: async ({ name }) => {
          await api.call('DELETE parameters/:name', { name });
        },
      },
    ],
  };
};

const parameterField = ({ kind, choices, value }: ParameterView): FormField =>
  field('value', 'system.value', {
    required: true,
    default: value,
    type: kind === 'integer' || kind === 'boolean' ? kind : 'string',
    ...(choices && { enum: choices }),
  });

/** The audit trail. */
export const auditKind = (): RecordKind<AuditView> => {
  const api = inject(Api);
  const language = inject(Language);
  return {
    name: 'audit',
    title: 'nav.audit',
    columns: [
      { id: 'at', label: 'system.at', text: ({ at }) => formatTime(at, language.current()) },
      { id: 'actor', label: 'system.actor', text: ({ actor }) => actor },
      { id: 'action', label: 'system.action', text: ({ action }) => action },
      {
        id: 'subject',
        label: 'system.subject',
        text: ({ subject }) => `${subject.kind} ${subject.namespace ? `${subject.namespace}/` : ''}${subject.name}`,
      },
      { id: 'outcome', label: 'system.outcome', text: ({ outcome, reason }) => (reason ? `${outcome}: ${reason.message}` : outcome) },
      { id: 'door', label: 'system.door', text: ({ door, address }) => `${door} ${address}` },
      { id: 'before', label: 'system.before', text: ({ before }) => fieldText(before as Json), optional: true },
      { id: 'after', label: 'system.after', text: ({ after }) => fieldText(after as Json) },
    ],
    filters: [
      { id: 'actor', label: 'system.actor', kind: 'text' },
      { id: 'action', label: 'system.action', kind: 'text' },
      { id: 'subject', label: 'system.subject', kind: 'text' },
    ],
    source: (query, signal) => api.call('GET audit', { query: query as never, signal }),
    key: ({ id }) => id,
    nameOf: ({ id }) => id,
    fields: () => null,
    save: nothing,
  };
};

/** Every request that the doors answered. */
export const apiLogKind = (): RecordKind<ApiLogEntry> => {
  const api = inject(Api);
  const language = inject(Language);
  return {
    name: 'api-log',
    title: 'nav.apiLog',
    columns: [
      { id: 'at', label: 'system.at', text: ({ at }) => formatTime(at, language.current()) },
      { id: 'method', label: 'system.method', text: ({ method }) => method },
      { id: 'path', label: 'system.path', text: ({ path }) => path },
      { id: 'status', label: 'system.status', text: ({ status }) => status, numeric: true },
      { id: 'duration', label: 'system.duration', text: ({ durationMs }) => Math.round(durationMs), numeric: true },
      { id: 'visitor', label: 'system.visitor', text: ({ visitor }) => visitor },
      { id: 'address', label: 'system.address', text: ({ address }) => address },
      { id: 'message', label: 'system.message', text: ({ message }) => message, optional: true },
    ],
    filters: [
      { id: 'visitor', label: 'system.visitor', kind: 'text' },
      { id: 'path', label: 'system.path', kind: 'text' },
      { id: 'method', label: 'system.method', kind: 'text' },
    ],
    source: (query, signal) => api.call('GET api-log', { query: query as never, signal }),
    key: ({ id }) => id,
    nameOf: ({ id }) => id,
    fields: () => null,
    save: nothing,
  };
};

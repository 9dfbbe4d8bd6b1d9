import { inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { VARIABLE_TYPES, type Json, type SecretView, type VariableType, type VariableView } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { Dialogs, fieldText, fieldValue, formatTime, Language, wholeList, type Filter } from '@orderlines/console/ui';
import { field, type RecordKind } from '../record/record-kind.js';
import { UsageDialog, type UsageData } from './usage-dialog.js';

const TEXT: Filter = { id: 'text', label: 'records.search', kind: 'text' };
const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string => `${namespace || '*'}/${name}`;

/** Variables of namespaces, which expressions read as `config.<name>`. */
export const variablesKind = (): RecordKind<VariableView> => {
  const api = inject(Api);
  const dialogs = inject(Dialogs);
  const language = inject(Language);
  const transloco = inject(TranslocoService);
  return {
    name: 'variables',
    title: 'nav.variables',
    columns: [
      { id: 'name', label: 'access.name', text: ({ name }) => name },
      { id: 'namespace', label: 'system.namespace', text: ({ namespace }) => namespace || '*' },
      { id: 'type', label: 'system.type', text: ({ type }) => type },
      { id: 'value', label: 'system.value', text: ({ value }) => fieldText(value as Json) },
      { id: 'description', label: 'access.description', text: ({ description }) => description },
      { id: 'updatedBy', label: 'system.updatedBy', text: ({ updatedBy }) => updatedBy, optional: true },
      { id: 'updatedAt', label: 'system.updatedAt', text: ({ updatedAt }) => formatTime(updatedAt, language.current()) },
    ],
    filters: [TEXT],
    source: wholeList(
      (signal) => api.call('GET variables', { signal }),
      ({ name, namespace, description }) => `${namespace} ${name} ${description}`,
    ),
    key: keyOf,
    nameOf: keyOf,
    write: ['write', 'Variable'],
    remove: {
      right: ['delete', 'Variable'],
      run: ({ name, namespace }) => api.call('DELETE variables/:name', { name, query: { namespace } }),
    },
    fields: (variable) => [
      ...(variable
        ? []
        : [
            field('name', 'access.name', { required: true, description: 'system.variableHint' }),
            field('namespace', 'system.namespace', { default: 'default', description: 'system.namespaceHint' }),
          ]),
      field('type', 'system.type', { enum: [...VARIABLE_TYPES], required: true, default: variable?.type ?? 'string' }),
      field('value', 'system.value', {
        type: 'text',
        description: 'system.valueHint',
        ...(variable && { default: fieldText(variable.value as Json) }),
      }),
      field('description', 'access.description', variable ? { default: variable.description } : {}),
    ],
    save: async ({ name, namespace, type, value, description }, variable) => {
      await api.call('PUT variables/:name', {
        name: variable?.name ?? String(name),
        query: { namespace: variable?.namespace ?? String(namespace ?? '') },
        body: {
          type: type as VariableType,
          value: typed(type as VariableType, String(value ?? ''), (kind) => transloco.translate('system.notOfType', { kind })),
          description: String(description ?? ''),
        },
      });
    },
    actions: [
      {
        label: 'system.usage',
        icon: 'search',
        shows: true,
        run: async (variable) => {
          const usages = await api.call('GET variables/:name/usage', { name: variable.name, query: { namespace: variable.namespace } });
          await dialogs.open<void, UsageData>(UsageDialog, { name: keyOf(variable), usages });
        },
      },
    ],
  };
};

/** Secrets: written, never read; or references to where they lie. */
export const secretsKind = (): RecordKind<SecretView> => {
  const api = inject(Api);
  const dialogs = inject(Dialogs);
  const language = inject(Language);
  return {
    name: 'secrets',
    title: 'nav.secrets',
    columns: [
      { id: 'name', label: 'access.name', text: ({ name }) => name },
      { id: 'namespace', label: 'system.namespace', text: ({ namespace }) => namespace || '*' },
      { id: 'reference', label: 'system.reference', text: ({ reference }) => reference ?? '••••' },
      { id: 'description', label: 'access.description', text: ({ description }) => description },
      { id: 'updatedBy', label: 'system.updatedBy', text: ({ updatedBy }) => updatedBy },
      { id: 'updatedAt', label: 'system.updatedAt', text: ({ updatedAt }) => formatTime(updatedAt, language.current()) },
    ],
    filters: [TEXT],
    source: wholeList(
      (signal) => api.call('GET secrets', { signal }),
      ({ name, namespace }) => `${namespace} ${name}`,
    ),
    key: keyOf,
    nameOf: keyOf,
    write: ['write', 'Secret'],
    remove: { right: ['delete', 'Secret'], run: ({ name, namespace }) => api.call('DELETE secrets/:name', { name, query: { namespace } }) },
    fields: (secret) => [
      ...(secret
        ? []
        : [
            field('name', 'access.name', { required: true }),
            field('namespace', 'system.namespace', { default: 'default', description: 'system.namespaceHint' }),
          ]),
      field('value', 'system.value', { type: 'text', description: 'system.secretHint' }),
      field('reference', 'system.reference', {
        description: 'system.referenceHint',
        ...(secret?.reference && { default: secret.reference }),
      }),
      field('description', 'access.description', secret ? { default: secret.description } : {}),
    ],
    save: async ({ name, namespace, value, reference, description }, secret) => {
      await api.call('PUT secrets/:name', {
        name: secret?.name ?? String(name),
        query: { namespace: secret?.namespace ?? String(namespace ?? '') },
        body: {
          // A value that is written takes the place of a reference.
          ...(value !== undefined ? { value: String(value) } : reference !== undefined && { reference: String(reference) }),
          description: String(description ?? ''),
        },
      });
    },
    actions: [
      {
        label: 'system.usage',
        icon: 'search',
        shows: true,
        run: async (secret) => {
          const usages = await api.call('GET secrets/:name/usage', { name: secret.name, query: { namespace: secret.namespace } });
          await dialogs.open<void, UsageData>(UsageDialog, { name: keyOf(secret), usages });
        },
      },
    ],
  };
};

/** What was written, as a value of its type; throws what a person can read. */
const typed = (type: VariableType, text: string, explain: (type: VariableType) => string): Json => {
  if (type === 'string') return text;
  try {
    return type === 'json' ? (JSON.parse(text) as Json) : fieldValue({ type }, text.trim());
  } catch {
    throw new Error(explain(type));
  }
};

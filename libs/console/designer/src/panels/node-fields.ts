import type { NodeDocument } from '@orderlines/process-engine';
import type { Field, FieldKind } from '../form/schema-fields.js';

type Type = NodeDocument['type'];

const field = (name: string, kind: FieldKind, choices: readonly string[] = [], required = false): Field => ({
  name,
  label: name,
  hint: '',
  kind,
  required,
  choices,
});

/** What each type of node says for itself, as far as no panel of its own asks for it; labels are `designer.key.<name>`. */
export const NODE_FIELDS: Readonly<Partial<Record<Type, readonly Field[]>>> = {
  group: [field('workspace', 'choice', ['run']), field('outputs', 'map')],
  parallel: [
    field('maxConcurrency', 'number'),
    field('join', 'text'),
    field('failFast', 'switch'),
    field('runner', 'choice', ['io', 'cpu']),
    field('outputs', 'map'),
  ],
  dag: [field('outputs', 'map')],
  foreach: [
    field('items', 'json', [], true),
    field('as', 'text'),
    field('concurrency', 'number'),
    field('maxFailures', 'text'),
    field('outputs', 'map'),
  ],
  delay: [field('for', 'text'), field('until', 'text')],
  approval: [
    field('users', 'list'),
    field('roles', 'list'),
    field('groups', 'list'),
    field('quorum', 'text'),
    field('noSelfApproval', 'switch'),
    field('message', 'long'),
    field('deadline', 'text'),
  ],
  wait: [field('signal', 'text', [], true), field('key', 'text')],
  end: [field('status', 'choice', ['SUCCESS', 'FAILURE']), field('message', 'long')],
};

const TIMED: readonly Type[] = ['task', 'group', 'parallel', 'dag', 'foreach', 'delay', 'wait', 'process'];
const ALL: readonly Type[] = [...TIMED, 'switch', 'assign', 'approval', 'end'];

/** How nodes run, with the types that know the setting. */
export const RUN_FIELDS: readonly (Field & { readonly types: readonly Type[] })[] = [
  { ...field('timeout', 'text'), types: TIMED },
  { ...field('queue', 'text'), types: ['task'] },
  { ...field('queueTimeout', 'text'), types: ['task'] },
  { ...field('heartbeatTimeout', 'text'), types: ['task'] },
  { ...field('idempotent', 'switch'), types: ['task'] },
  { ...field('collect', 'list'), types: ['task'] },
  { ...field('disabled', 'switch'), types: ALL },
  { ...field('breakpoint', 'switch'), types: ALL },
];

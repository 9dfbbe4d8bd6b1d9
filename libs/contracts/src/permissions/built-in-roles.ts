import type { PermissionRule } from './permission-rule.js';

/** A role that every installation has; its rules are those of the release and cannot be changed. */
export interface BuiltInRole {
  readonly name: string;
  readonly description: string;
  readonly rules: readonly PermissionRule[];
}

const READS: readonly PermissionRule[] = (
  ['Process', 'Instance', 'ParkedEvent', 'Approval', 'Variable', 'Schedule', 'Trigger', 'Event', 'Worker', 'Namespace'] as const
).map((subject) => ({ action: 'read', subject }));

const OPERATES: readonly PermissionRule[] = [
  ...READS,
  { action: 'start', subject: 'Process' },
  { action: 'manage', subject: 'Instance' },
  { action: 'manage', subject: 'ParkedEvent' },
  { action: 'manage', subject: 'Schedule' },
  { action: 'answer', subject: 'Approval' },
  { action: 'send', subject: 'Signal' },
  { action: 'send', subject: 'Event' },
];

/** The roles that every installation has. */
export const BUILT_IN_ROLES: readonly BuiltInRole[] = [
  { name: 'administrator', description: 'May do everything.', rules: [{ action: 'manage', subject: 'all' }] },
  { name: 'operator', description: 'Starts runs, operates and repairs them, keeps their schedules.', rules: OPERATES },
  {
    name: 'developer',
    description: 'Does what an operator does, and writes and publishes processes, triggers, variables and secrets.',
    rules: [
      ...OPERATES,
      { action: 'manage', subject: 'Process' },
      { action: 'manage', subject: 'Trigger' },
      { action: 'manage', subject: 'Variable' },
      { action: 'manage', subject: 'Secret' },
    ],
  },
  {
    name: 'viewer',
    description: 'Sees processes and runs and answers approvals; changes nothing.',
    rules: [...READS, { action: 'answer', subject: 'Approval' }],
  },
  {
    name: 'auditor',
    description: 'Sees everything, also who may do what and who did what; changes nothing.',
    rules: [{ action: 'read', subject: 'all' }],
  },
];

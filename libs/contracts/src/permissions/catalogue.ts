/** What rules can name of a thing: its namespace, its name, the user it belongs to, and its labels. */
export type SubjectAttribute = 'namespace' | 'name' | 'owner' | 'labels';

interface SubjectKind {
  /** What people call one of it. */
  readonly noun: string;
  /** What conditions of rules may look at. A subject without `namespace` belongs to the whole installation. */
  readonly attributes: readonly SubjectAttribute[];
  /** Each action with what one may do by it, as the end of "You may not …". */
  readonly actions: Readonly<Record<string, string>>;
  /** Fields that rules on an action may be limited to; other actions are about all of a thing. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
}

const NAMESPACED = ['namespace', 'name', 'owner', 'labels'] as const;

/**
 * Everything that can be allowed: subjects with their actions. Routes and rpcs say what they need in these words (`@Needs`), rules of roles
 * and groups give it. `manage` stands for all actions, `all` for all subjects.
 */
export const SUBJECTS = {
  Process: {
    noun: 'process',
    attributes: NAMESPACED,
    actions: {
      read: 'see processes, their versions and drafts',
      write: 'save or discard drafts',
      publish: 'publish, withdraw or restore versions',
      start: 'start runs of a process',
      delete: 'remove processes',
    },
  },
  Instance: {
    noun: 'run',
    attributes: NAMESPACED,
    actions: {
      read: 'see runs, their tasks, logs and results',
      operate: 'stop, pause, resume, restart or rerun a run',
      repair: 'retry, skip, fail, pass or stop nodes of a run, or set its variables',
      debug: 'act at the stops of a debugged run',
    },
  },
  ParkedEvent: {
    noun: 'parked event',
    attributes: NAMESPACED,
    actions: { read: 'see events that could not be applied', release: 'apply or drop events that could not be applied' },
  },
  Approval: {
    noun: 'approval',
    attributes: NAMESPACED,
    actions: { read: 'see approvals', answer: 'answer approvals that ask you' },
  },
  Signal: { noun: 'signal', attributes: ['namespace', 'name'], actions: { send: 'send signals' } },
  Secret: {
    noun: 'secret',
    attributes: ['namespace', 'name'],
    actions: { read: 'see the names of secrets', write: 'store secrets', delete: 'remove secrets' },
  },
  Variable: {
    noun: 'variable',
    attributes: ['namespace', 'name'],
    actions: { read: 'see variables of namespaces', write: 'set variables of namespaces', delete: 'remove variables of namespaces' },
  },
  Schedule: {
    noun: 'schedule',
    attributes: ['namespace', 'name', 'owner'],
    actions: {
      read: 'see schedules and when they fire',
      write: 'make, change, pause or resume schedules',
      backfill: 'run missed times of a schedule',
      delete: 'remove schedules',
    },
  },
  Trigger: {
    noun: 'trigger',
    attributes: NAMESPACED,
    actions: { read: 'see triggers and what they decided', write: 'make or change triggers', delete: 'remove triggers' },
  },
  Event: { noun: 'event', attributes: ['namespace', 'name'], actions: { read: 'see events', send: 'send events' } },
  Worker: { noun: 'worker', attributes: [], actions: { read: 'see services, workers and task types', operate: 'drain workers' } },
  Namespace: {
    noun: 'namespace',
    attributes: ['namespace'],
    actions: { read: 'see namespaces and their quotas', write: 'make or change namespaces', delete: 'remove namespaces' },
    fields: { write: ['description', 'maxUnfinishedRuns', 'maxProcesses', 'defaultRoles'] },
  },
  User: {
    noun: 'user',
    attributes: ['name'],
    actions: { read: 'see users', write: 'add or change users, or reset their passwords', delete: 'remove users' },
    fields: {
      read: ['email', 'phone', 'departmentId'],
      write: [
        ...['userName', 'email', 'phone', 'displayName', 'locale', 'departmentId', 'enabled', 'approved', 'administrator'],
        ...['password', 'lockedUntil', 'sessions', 'secondFactor'],
      ],
    },
  },
  Department: {
    noun: 'department',
    attributes: ['name'],
    actions: { read: 'see departments', write: 'change departments', delete: 'remove departments' },
  },
  Role: {
    noun: 'role',
    attributes: ['name'],
    actions: { read: 'see roles and their rules' },
  },
  Group: {
    noun: 'group',
    attributes: ['name', 'owner'],
    actions: {
      read: 'see groups and their members',
      appoint: 'change the members of a group',
    },
  },
  Permission: {
    noun: 'permission',
    attributes: [],
    actions: { read: 'see what others may do', grant: 'give rights: change roles and groups, or who holds them' },
  },
  Token: {
    noun: 'token',
    attributes: ['owner'],
    actions: { read: "see others' tokens", write: 'make tokens of service accounts', revoke: "revoke others' tokens" },
  },
  Parameter: {
    noun: 'system parameter',
    attributes: ['name'],
    actions: { read: 'see system parameters', write: 'change system parameters' },
  },
  AuditRecord: { noun: 'audit record', attributes: [], actions: { read: 'see, export or verify the audit trail' } },
  ApiLog: { noun: 'log of requests', attributes: [], actions: { read: 'see or export the log of requests' } },
} as const satisfies Readonly<Record<string, SubjectKind>>;

/** A kind of thing that can be acted upon. */
export type Subject = keyof typeof SUBJECTS;

/** What can be done with a subject. */
export type ActionOf<Name extends Subject> = Name extends Subject ? keyof (typeof SUBJECTS)[Name]['actions'] & string : never;

/** Any action of any subject. */
export type Action = ActionOf<Subject>;

/** All subjects, in the order of the catalogue. */
export const SUBJECT_NAMES = Object.keys(SUBJECTS) as readonly Subject[];

/** The actions of a subject. */
export const actionsOf = (subject: Subject): readonly Action[] => Object.keys(SUBJECTS[subject].actions) as Action[];

/** What conditions of rules may look at of a subject. */
export const attributesOf = (subject: Subject): readonly SubjectAttribute[] => SUBJECTS[subject].attributes;

/** Fields that rules on an action may be limited to, `manage`: on any of them; none: such a rule is about all of a thing. */
export const fieldsOf = (subject: Subject, action: string): readonly string[] => {
  const { fields = {} }: SubjectKind = SUBJECTS[subject];
  const named = Object.entries(fields).flatMap(([on, some]) => (action === 'manage' || action === on ? some : []));
  return [...new Set(named)];
};

/** Whether things of this kind belong to namespaces. */
export const isNamespaced = (subject: Subject): boolean => attributesOf(subject).includes('namespace');

/** What one may do by an action on a subject, as the end of "You may not …". */
export const describeAction = (action: Action, subject: Subject): string =>
  (SUBJECTS[subject].actions as Readonly<Partial<Record<Action, string>>>)[action] ?? `${action} ${subject}`;

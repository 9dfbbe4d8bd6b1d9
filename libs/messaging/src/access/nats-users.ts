import { cpuQueue } from '@orderlines/contracts';
import { z } from 'zod';
import { inboxPrefixOf } from '../connection.js';
import { CLAIMS } from '../subjects/claims.subject.js';
import { REPORTS } from '../subjects/reports.subject.js';
import { LIVE } from '../subjects/live.subject.js';
import { VALUES } from '../subjects/values.subject.js';
import { WORKERS } from '../subjects/workers.subject.js';
import { EVENTS } from '../streams/events.stream.js';
import { LOGS } from '../streams/logs.stream.js';
import { RUNS } from '../streams/runs.stream.js';
import { TASKS } from '../streams/tasks.stream.js';
import { SubjectToken } from '../payload/foreign-json.js';

/**
 * Who connects to NATS: every service is a user of its own; `platform` is all services behind one login, e.g. while they are started by hand
 * on one machine. A worker may be on somebody else's machine: it gets its own queues and nothing else.
 */
export const NatsUser = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('platform') }),
  z.strictObject({ role: z.literal('executor') }),
  z.strictObject({ role: z.literal('gateway') }),
  z.strictObject({ role: z.literal('scheduler') }),
  z.strictObject({ role: z.literal('worker'), worker: SubjectToken, queues: z.array(SubjectToken).min(1).max(256).readonly() }),
]);
export type NatsUser = Readonly<z.output<typeof NatsUser>>;

/** What a user may do; everything else is refused by the server. */
export interface NatsRights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** True: it may answer the requests that it hears. */
  readonly answers: boolean;
}

/** The name a user logs in with. */
export const natsUserName = (user: NatsUser): string => (user.role === 'worker' ? `worker_${SubjectToken.parse(user.worker)}` : user.role);

/** The rights of a user. */
export const rightsOf = (user: NatsUser): NatsRights => {
  const inbox = `${inboxPrefixOf(natsUserName(user))}.>`;
  switch (user.role) {
    case 'platform':
      return { publish: ['>'], subscribe: ['>'], answers: true };
    case 'executor':
      return {
        // The one service that makes streams and consumers, reads RUNS and LOGS and puts work into TASKS.
        publish: ['$JS.API.>', '$JS.ACK.>', ...TASKS.subjects, ...RUNS.subjects, ...EVENTS.subjects, LIVE.all, WORKERS.control('*')],
        subscribe: [inbox, CLAIMS.all, REPORTS.all, VALUES.all, WORKERS.allHeartbeats],
        answers: true,
      };
    case 'gateway':
      return { publish: ['$JS.API.STREAM.INFO.*'], subscribe: [inbox, LIVE.all, ...LOGS.subjects], answers: false };
    case 'scheduler':
      // Hears events for triggers, and publishes those that somebody told the gateway.
      return {
        publish: [
          ...EVENTS.subjects,
          ...['INFO', 'CREATE', 'DELETE'].flatMap((what) => consumerSubjects(what)),
          `$JS.API.CONSUMER.MSG.NEXT.${EVENTS.name}.${EVENTS.durable}`,
          `$JS.ACK.${EVENTS.name}.${EVENTS.durable}.>`,
        ],
        subscribe: [inbox],
        answers: false,
      };
    case 'worker':
      return {
        publish: [
          ...withCpuQueues(user.queues).flatMap((queue) => queueSubjects(queue, user.worker)),
          WORKERS.heartbeat(user.worker),
          ...LOGS.subjects,
        ],
        subscribe: [inbox, WORKERS.control(user.worker)],
        answers: false,
      };
  }
};

/** What is asked of the server about the one durable of schedulers. */
const consumerSubjects = (what: string): string[] => [
  `$JS.API.CONSUMER.${what}.${EVENTS.name}.${EVENTS.durable}`,
  ...(what === 'CREATE' ? [`$JS.API.CONSUMER.DURABLE.CREATE.${EVENTS.name}.${EVENTS.durable}`] : []),
];

const withCpuQueues = (queues: readonly string[]): string[] => [...new Set(queues.flatMap((queue) => [queue, cpuQueue(queue)]))];

/** What a worker says about the tasks of a queue: pulls, acks, claims and results. Its durables are made with their own filter only. */
const queueSubjects = (queue: string, worker: string): string[] => {
  const durables: [durable: string, filter: string][] = [
    [TASKS.queueDurable(SubjectToken.parse(queue)), TASKS.queueFilter(queue)],
    [TASKS.workerDurable(queue, worker), TASKS.workerFilter(queue, worker)],
  ];
  return [
    CLAIMS.subject(queue),
    VALUES.put(queue),
    VALUES.get(queue),
    REPORTS.subject(queue),
    `runs.*.${queue}.>`,
    ...durables.flatMap(([durable, filter]) => [
      `$JS.API.CONSUMER.CREATE.${TASKS.name}.${durable}.${filter}`,
      `$JS.API.CONSUMER.MSG.NEXT.${TASKS.name}.${durable}`,
      `$JS.ACK.${TASKS.name}.${durable}.>`,
    ]),
  ];
};

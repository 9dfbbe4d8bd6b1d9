import { z } from 'zod';
import { AccessName } from './role.js';

const Quota = z.int().min(0).max(1_000_000).nullable();

/** What processes, runs, secrets and the rest belong to; rights and quotas are given by it. */
export const NamespaceView = z
  .object({
    name: z.string(),
    description: z.string(),
    /** Most runs that have not ended; null: any number. */
    maxUnfinishedRuns: Quota,
    /** Most processes; null: any number. */
    maxProcesses: Quota,
    /** Roles that every user has in it. */
    defaultRoles: z.array(z.string()),
    processes: z.int(),
  })
  .meta({ id: 'Namespace' });
/** What processes, runs, secrets and the rest belong to. */
export type NamespaceView = z.infer<typeof NamespaceView>;

/** Answer of `GET namespaces`. */
export const NamespaceList = z.object({ items: z.array(NamespaceView) }).meta({ id: 'NamespaceList' });
/** Answer of `GET namespaces`. */
export type NamespaceList = z.infer<typeof NamespaceList>;

/** Body of `PUT namespaces/{name}`. */
export const NamespaceBody = z
  .strictObject({
    description: z.string().max(1_000).default(''),
    /** Most runs that have not ended; a start beyond it is refused (409). Runs that a run starts count, and are never refused. */
    maxUnfinishedRuns: Quota.default(null),
    /** Most processes; a new one beyond it is refused (409). */
    maxProcesses: Quota.default(null),
    /** Roles that every user has in it: to be changed only by who may grant rights. */
    defaultRoles: z.array(AccessName).max(20).default([]),
  })
  .meta({ id: 'NamespaceBody' });
/** Body of `PUT namespaces/{name}`. */
export type NamespaceBody = z.infer<typeof NamespaceBody>;

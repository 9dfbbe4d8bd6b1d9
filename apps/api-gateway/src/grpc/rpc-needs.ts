import type { Need, RpcNeed } from '@orderlines/auth';
import type { ActionOf, Subject } from '@orderlines/contracts';
import { accessRpc, instanceRpc, originalRpc, processRpc, scheduleRpc, triggerRpc } from '@orderlines/rpc';

interface Method {
  readonly path: string;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
}

/** What each method of a service needs; one that is missing does not compile. */
type NeedsOf<Service> = {
  readonly [Name in keyof Service]: RpcNeed<Service[Name] extends Method ? ReturnType<Service[Name]['requestDeserialize']> : never>;
};

const needs = <Name extends Subject>(action: ActionOf<Name>, subject: Name): Need => ({ action, subject }) as Need;

/** A need on the thing that the request names. */
const needsOn = <Name extends Subject, Request>(action: ActionOf<Name>, subject: Name, reference: (request: Request) => string) => ({
  ...needs(action, subject),
  reference,
});

const byId = ({ id }: { readonly id: string }): string => id;
const byProcess = ({ process }: { readonly process: string }): string => process;
const byInstance = ({ instanceId }: { readonly instanceId: string }): string => instanceId;
const byEvent = ({ eventId }: { readonly eventId: string }): string => eventId;
const byOriginalInstance = ({ processInstanceId }: { readonly processInstanceId: string }): string => processInstanceId;

const PROCESS: NeedsOf<processRpc.ProcessServiceService> = {
  buildProcess: needs('write', 'Process'),
  validateProcess: needs('read', 'Process'),
  getProcess: needsOn('read', 'Process', byProcess),
  listProcesses: needs('read', 'Process'),
  deleteProcess: needsOn('delete', 'Process', byProcess),
  copyProcess: needsOn('read', 'Process', byProcess),
  checkProcess: needs('publish', 'Process'),
  listVersions: needsOn('read', 'Process', byProcess),
  compareVersions: needsOn('read', 'Process', byProcess),
  setVersionStatus: needsOn('publish', 'Process', byProcess),
  restoreVersion: needsOn('write', 'Process', byProcess),
  deleteVersion: needsOn('delete', 'Process', byProcess),
  applyManifests: needs('read', 'Process'),
  exportNamespace: needsOn('read', 'Namespace', ({ namespace }) => namespace),
};

const INSTANCE: NeedsOf<instanceRpc.InstanceServiceService> = {
  startInstance: needs('start', 'Process'),
  stopInstance: needsOn('operate', 'Instance', byId),
  pauseInstance: needsOn('operate', 'Instance', byId),
  resumeInstance: needsOn('operate', 'Instance', byId),
  restartInstance: needsOn('operate', 'Instance', byId),
  rerunInstance: needsOn('operate', 'Instance', byId),
  operateTask: needsOn('repair', 'Instance', byInstance),
  operateInstances: needs('operate', 'Instance'),
  setVariables: needsOn('repair', 'Instance', byId),
  answerApproval: needsOn('answer', 'Approval', byId),
  listApprovals: needs('read', 'Approval'),
  sendSignal: needs('send', 'Signal'),
  debugInstance: needsOn('debug', 'Instance', byId),
  listParkedEvents: needs('read', 'ParkedEvent'),
  retryParkedEvent: needsOn('release', 'ParkedEvent', byEvent),
  dropParkedEvent: needsOn('release', 'ParkedEvent', byEvent),
  explainInstance: needsOn('read', 'Instance', byId),
  getInstance: needsOn('read', 'Instance', byId),
  listInstances: needs('read', 'Instance'),
  watchInstance: needsOn('read', 'Instance', byId),
  streamLogs: needsOn('read', 'Instance', byId),
};

const byName = ({ name }: { readonly name: string }): string => name;

const ACCESS: NeedsOf<accessRpc.AccessServiceService> = {
  listRoles: needs('read', 'Role'),
  saveRole: needs('grant', 'Permission'),
  removeRole: needs('grant', 'Permission'),
  listGroups: needs('read', 'Group'),
  saveGroup: needs('grant', 'Permission'),
  setGroupMembers: needsOn('appoint', 'Group', byName),
  removeGroup: needs('grant', 'Permission'),
  listNamespaces: needs('read', 'Namespace'),
  saveNamespace: needsOn('write', 'Namespace', byName),
  removeNamespace: needsOn('delete', 'Namespace', byName),
  getUserAccess: needs('read', 'Permission'),
  setUserAccess: needs('grant', 'Permission'),
  explainRight: needs('read', 'Permission'),
  listRightHolders: needs('read', 'Permission'),
};

const bySchedule = ({ schedule }: { readonly schedule: string }): string => schedule;

const SCHEDULE: NeedsOf<scheduleRpc.ScheduleServiceService> = {
  createSchedule: needs('write', 'Schedule'),
  getSchedule: needsOn('read', 'Schedule', bySchedule),
  listSchedules: needs('read', 'Schedule'),
  updateSchedule: needsOn('write', 'Schedule', bySchedule),
  pauseSchedule: needsOn('write', 'Schedule', bySchedule),
  resumeSchedule: needsOn('write', 'Schedule', bySchedule),
  deleteSchedule: needsOn('delete', 'Schedule', bySchedule),
  runSchedule: needsOn('write', 'Schedule', bySchedule),
  previewPlan: needs('read', 'Schedule'),
  listSlots: needsOn('read', 'Schedule', bySchedule),
  answerSlot: needsOn('read', 'Schedule', bySchedule),
  backfillSchedule: needsOn('backfill', 'Schedule', bySchedule),
};

const byTrigger = ({ trigger }: { readonly trigger: string }): string => trigger;

const TRIGGER: NeedsOf<triggerRpc.TriggerServiceService> = {
  createTrigger: needs('write', 'Trigger'),
  getTrigger: needsOn('read', 'Trigger', byTrigger),
  listTriggers: needs('read', 'Trigger'),
  updateTrigger: needsOn('write', 'Trigger', byTrigger),
  enableTrigger: needsOn('write', 'Trigger', byTrigger),
  disableTrigger: needsOn('write', 'Trigger', byTrigger),
  deleteTrigger: needsOn('delete', 'Trigger', byTrigger),
  rotateTrigger: needsOn('write', 'Trigger', byTrigger),
  tryTrigger: needsOn('read', 'Trigger', byTrigger),
  listEvaluations: needsOn('read', 'Trigger', byTrigger),
  publishEvents: needs('send', 'Event'),
};

const ORIGINAL: NeedsOf<originalRpc.OrderlinesServiceService> = {
  startProcess: needs('start', 'Process'),
  stopProcess: needsOn('operate', 'Instance', byOriginalInstance),
  pausedProcess: needsOn('operate', 'Instance', byOriginalInstance),
  recoverProcess: needsOn('operate', 'Instance', byOriginalInstance),
  buildProcessByJson: needs('write', 'Process'),
  buildProcessByYaml: needs('write', 'Process'),
  buildProcessByDict: needs('write', 'Process'),
};

const byPath = <Service extends Readonly<Record<keyof Service, Method>>>(service: Service, declared: NeedsOf<Service>) =>
  (Object.keys(service) as (keyof Service)[]).map((name) => [service[name].path, declared[name] as RpcNeed] as const);

/** Services that nobody needs to log in for: they tell nothing about anybody's data. */
const OPEN_SERVICES = ['grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection'];

/** What every rpc of the public door needs, by its path. */
export const RPC_NEEDS: ReadonlyMap<string, RpcNeed> = new Map([
  ...byPath(processRpc.ProcessServiceService, PROCESS),
  ...byPath(instanceRpc.InstanceServiceService, INSTANCE),
  ...byPath(accessRpc.AccessServiceService, ACCESS),
  ...byPath(scheduleRpc.ScheduleServiceService, SCHEDULE),
  ...byPath(triggerRpc.TriggerServiceService, TRIGGER),
  ...byPath(originalRpc.OrderlinesServiceService, ORIGINAL),
]);

/** What the rpc of a path needs; undefined: it is not known here, and nobody may call it. */
export const needOfRpc = (path: string): RpcNeed | undefined =>
  OPEN_SERVICES.includes(path.split('/')[1] ?? '') ? 'open' : RPC_NEEDS.get(path);

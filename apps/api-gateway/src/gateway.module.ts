import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AccessGuard, Authenticator, Logins, ObjectRights, RightsBook, SecondFactors } from '@orderlines/auth';
import type { HealthCheck, Registry } from '@orderlines/service-host';
import { EntityManager } from 'typeorm';
import { AboutController } from './about/about.controller.js';
import { AlarmController } from './alarm/alarm.controller.js';
import { Alarms } from './alarm/alarms.js';
import { DepartmentController } from './access/department.controller.js';
import { Departments } from './access/departments.js';
import { GroupController } from './access/group.controller.js';
import { Groups } from './access/groups.js';
import { NamespaceController } from './access/namespace.controller.js';
import { Namespaces } from './access/namespaces.js';
import { permissionCatalogue, routesOf } from './access/permission-catalogue.js';
import { PERMISSION_CATALOGUE, PermissionController, UserAccessController } from './access/permission.controller.js';
import { RoleController } from './access/role.controller.js';
import { Roles } from './access/roles.js';
import { UserRights } from './access/user-rights.js';
import { ApprovalAnswerController, ApprovalController } from './approval/approval.controller.js';
import { Approvals } from './approval/approvals.js';
import { EventController } from './event/event.controller.js';
import { Events } from './event/events.js';
import { HEALTH_CHECKS, HealthController, METRICS } from './health/health.controller.js';
import { EventStreams } from './http/event-streams.js';
import { InstanceController } from './instance/instance.controller.js';
import { InstanceEvents } from './instance/instance-events.js';
import { Instances } from './instance/instances.js';
import { InstanceLogs } from './log/instance-logs.js';
import { LiveController } from './live/live.controller.js';
import { LiveStream } from './live/live-stream.js';
import { LogController } from './log/log.controller.js';
import { BatchOperations } from './operation/batch-operations.js';
import { ParkedEventController } from './operation/parked-event.controller.js';
import { TaskOperationController } from './operation/task-operation.controller.js';
import { ManifestController, NamespaceExportController } from './manifest/manifest.controller.js';
import { Manifests } from './manifest/manifests.js';
import { NamespaceExport } from './manifest/namespace-export.js';
import { OverviewController } from './overview/overview.controller.js';
import { Overviews } from './overview/overviews.js';
import { Definitions } from './process/definitions.js';
import { DraftController } from './process/draft.controller.js';
import { Drafts } from './process/drafts.js';
import { ProcessCatalogue } from './process/process-catalogue.js';
import { ProcessController } from './process/process.controller.js';
import { PublishChecks } from './process/publish-checks.js';
import { VersionController } from './process/version.controller.js';
import { Versions } from './process/versions.js';
import { Backfills } from './schedule/backfills.js';
import { CalendarController } from './schedule/calendar.controller.js';
import { Calendars } from './schedule/calendars.js';
import { ScheduleController } from './schedule/schedule.controller.js';
import { Schedules } from './schedule/schedules.js';
import { SecretController } from './secret/secret.controller.js';
import { Secrets } from './secret/secrets.js';
import { ServiceController } from './service/service.controller.js';
import { Cookies } from './session/cookies.js';
import type { Doorkeepers } from './session/doorkeepers.js';
import { OidcController } from './session/oidc.controller.js';
import { OidcDoor } from './session/oidc-door.js';
import { OwnSessionsController } from './session/own-sessions.controller.js';
import { SessionController } from './session/session.controller.js';
import { SignalController } from './signal/signal.controller.js';
import { Signals } from './signal/signals.js';
import { TaskController } from './task/task.controller.js';
import { TaskDownloads } from './task/task-downloads.js';
import { TaskDownloadsController } from './task/task-downloads.controller.js';
import { Usages } from './variable/usages.js';
import { VariableController } from './variable/variable.controller.js';
import { Variables } from './variable/variables.js';
import { ParameterController } from './parameter/parameter.controller.js';
import { ParameterList } from './parameter/parameter-list.js';
import { ApiLogController } from './trail/api-log.controller.js';
import { ApiLog } from './trail/api-log.js';
import { Attempts } from './trail/attempts.js';
import { AuditController } from './trail/audit.controller.js';
import { AuditTrail } from './trail/audit-trail.js';
import { RecordedChanges } from './trail/recorded-changes.js';
import { TriggerController } from './trigger/trigger.controller.js';
import { Triggers } from './trigger/triggers.js';
import { OwnTokensController, TokenController } from './token/token.controller.js';
import { Tokens } from './token/tokens.js';
import { MeController } from './user/me.controller.js';
import { RegistrationController } from './user/registration.controller.js';
import { Registrations } from './user/registrations.js';
import { SecondFactorController } from './user/second-factor.controller.js';
import { UserController } from './user/user.controller.js';
import { Users } from './user/users.js';
import { WebhookController } from './webhook/webhook.controller.js';
import { Webhooks } from './webhook/webhooks.js';
import { TaskTypes } from './worker/task-types.js';
import { TaskTypeController, WorkerController } from './worker/worker.controller.js';

/** All routes of the HTTP door. */
export const CONTROLLERS = [
  HealthController,
  SessionController,
  OidcController,
  OwnSessionsController,
  OwnTokensController,
  SecondFactorController,
  MeController,
  RegistrationController,
  UserController,
  LiveController,
  AlarmController,
  OverviewController,
  TokenController,
  LogController,
  TaskDownloadsController,
  InstanceController,
  TaskOperationController,
  ParkedEventController,
  ApprovalController,
  ApprovalAnswerController,
  SignalController,
  DraftController,
  VersionController,
  ProcessController,
  TaskController,
  TaskTypeController,
  WorkerController,
  ServiceController,
  AboutController,
  SecretController,
  ScheduleController,
  CalendarController,
  TriggerController,
  WebhookController,
  EventController,
  ParameterController,
  VariableController,
  AuditController,
  ApiLogController,
  RoleController,
  GroupController,
  DepartmentController,
  NamespaceController,
  ManifestController,
  NamespaceExportController,
  PermissionController,
  UserAccessController,
] as const;

/** What the doors serve: one set of functions, whichever door a request comes by. */
export interface Functions extends Doorkeepers {
  readonly manager: EntityManager;
  readonly objects: ObjectRights;
  readonly taskTypes: TaskTypes;
  readonly definitions: Definitions;
  readonly drafts: Drafts;
  readonly catalogue: ProcessCatalogue;
  readonly versions: Versions;
  readonly publishChecks: PublishChecks;
  readonly instances: Instances;
  readonly batches: BatchOperations;
  readonly approvals: Approvals;
  readonly signals: Signals;
  readonly events: InstanceEvents;
  readonly live: LiveStream;
  readonly alarms: Alarms;
  readonly overviews: Overviews;
  readonly logs: InstanceLogs;
  readonly secrets: Secrets;
  readonly roles: Roles;
  readonly groups: Groups;
  readonly departments: Departments;
  readonly namespaces: Namespaces;
  readonly userRights: UserRights;
  readonly schedules: Schedules;
  readonly calendars: Calendars;
  readonly backfills: Backfills;
  readonly triggers: Triggers;
  readonly webhooks: Webhooks;
  readonly domainEvents: Events;
  readonly downloads: TaskDownloads;
  readonly variables: Variables;
  readonly manifests: Manifests;
  readonly namespaceExport: NamespaceExport;
  readonly usages: Usages;
  readonly apiLog: ApiLog;
  readonly attempts: Attempts;
  readonly auditTrail: AuditTrail;
  readonly parameters: ParameterList;
}

/** What the HTTP door has beside them. */
export interface HttpSurroundings {
  readonly checks: Readonly<Record<string, HealthCheck>>;
  readonly metrics: Registry;
  readonly streams: EventStreams;
  readonly cookies: Cookies;
}

/** The HTTP door: every route wants a token and a right unless it says otherwise. */
@Module({})
export class GatewayModule {
  static forRoot(functions: Functions, { checks, metrics, streams, cookies }: HttpSurroundings): DynamicModule {
    const values: Provider[] = [
      { provide: EntityManager, useValue: functions.manager },
      { provide: Authenticator, useValue: functions.authenticator },
      { provide: RightsBook, useValue: functions.book },
      { provide: ObjectRights, useValue: functions.objects },
      { provide: Logins, useValue: functions.logins },
      { provide: SecondFactors, useValue: functions.secondFactors },
      { provide: OidcDoor, useValue: functions.oidc },
      { provide: Users, useValue: functions.users },
      { provide: Registrations, useValue: functions.registrations },
      { provide: Tokens, useValue: functions.tokens },
      { provide: Cookies, useValue: cookies },
      { provide: TaskTypes, useValue: functions.taskTypes },
      { provide: Definitions, useValue: functions.definitions },
      { provide: Drafts, useValue: functions.drafts },
      { provide: ProcessCatalogue, useValue: functions.catalogue },
      { provide: Versions, useValue: functions.versions },
      { provide: PublishChecks, useValue: functions.publishChecks },
      { provide: Instances, useValue: functions.instances },
      { provide: BatchOperations, useValue: functions.batches },
      { provide: Approvals, useValue: functions.approvals },
      { provide: Signals, useValue: functions.signals },
      { provide: InstanceEvents, useValue: functions.events },
      { provide: LiveStream, useValue: functions.live },
      { provide: Alarms, useValue: functions.alarms },
      { provide: Overviews, useValue: functions.overviews },
      { provide: InstanceLogs, useValue: functions.logs },
      { provide: Secrets, useValue: functions.secrets },
      { provide: Schedules, useValue: functions.schedules },
      { provide: Calendars, useValue: functions.calendars },
      { provide: Backfills, useValue: functions.backfills },
      { provide: Triggers, useValue: functions.triggers },
      { provide: Webhooks, useValue: functions.webhooks },
      { provide: Events, useValue: functions.domainEvents },
      { provide: TaskDownloads, useValue: functions.downloads },
      { provide: Variables, useValue: functions.variables },
      { provide: Manifests, useValue: functions.manifests },
      { provide: NamespaceExport, useValue: functions.namespaceExport },
      { provide: Usages, useValue: functions.usages },
      { provide: ApiLog, useValue: functions.apiLog },
      { provide: Attempts, useValue: functions.attempts },
      { provide: AuditTrail, useValue: functions.auditTrail },
      { provide: ParameterList, useValue: functions.parameters },
      { provide: Roles, useValue: functions.roles },
      { provide: Groups, useValue: functions.groups },
      { provide: Departments, useValue: functions.departments },
      { provide: Namespaces, useValue: functions.namespaces },
      { provide: UserRights, useValue: functions.userRights },
      { provide: PERMISSION_CATALOGUE, useValue: permissionCatalogue(routesOf(CONTROLLERS)) },
      { provide: EventStreams, useValue: streams },
      { provide: HEALTH_CHECKS, useValue: checks },
      { provide: METRICS, useValue: metrics },
    ];
    return {
      module: GatewayModule,
      controllers: [...CONTROLLERS],
      providers: [...values, { provide: APP_GUARD, useClass: AccessGuard }, { provide: APP_INTERCEPTOR, useClass: RecordedChanges }],
    };
  }
}

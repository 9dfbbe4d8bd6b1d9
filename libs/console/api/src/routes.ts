import type {
  CalendarBody,
  CalendarListQuery,
  CalendarView,
  DisableTriggerBody,
  EvaluationPage,
  EvaluationQuery,
  TriedTrigger,
  TriggerBody,
  TriggerDetail,
  TriggerPage,
  TriggerQuery,
  TriggerSettings,
  TriggerView,
  TriggerWithAddress,
  TryTriggerBody,
  CodeBody,
  LoginMethods,
  PasswordBody,
  PictureBody,
  ProfileBody,
  RecoveryCodes,
  RegistrationBody,
  RightHolders,
  RightHoldersQuery,
  SecondFactorBegun,
  SecondFactorState,
  SessionsEnded,
  SessionView,
  UsageView,
  UserDetail,
  VariableBody,
  VariableView,
  BackfillBody,
  BackfillPlan,
  BackfillView,
  PauseScheduleBody,
  PreviewBody,
  ScheduleBody,
  ScheduleDetail,
  SchedulePage,
  ScheduleQuery,
  ScheduleSettings,
  ScheduleView,
  SlotAnswerBody,
  SlotPage,
  SlotPreview,
  SlotQuery,
  SlotView,
  Json,
  UserAccessBody,
  UserAccess,
  UserPage,
  UserChangeBody,
  UserAdded,
  TokenView,
  TokenMade,
  RoleView,
  RoleList,
  RoleBody,
  RightExplanation,
  PermissionCatalogue,
  ParameterView,
  OwnRights,
  OneTimePassword,
  NewTokenBody,
  NamespaceView,
  NamespaceList,
  NamespaceBody,
  GroupView,
  GroupList,
  GroupBody,
  ExplainRightQuery,
  DepartmentView,
  DepartmentList,
  DepartmentBody,
  AuditVerification,
  AuditQuery,
  AuditPage,
  ApiLogQuery,
  ApiLogPage,
  AcknowledgeBody,
  AlarmPage,
  AlarmQuery,
  AlarmView,
  AnswerBody,
  AnswerTaken,
  ApprovalPage,
  ApprovalQuery,
  BatchBody,
  BatchDone,
  BuildProcessBody,
  ChooseBody,
  DebugAction,
  DefinitionBody,
  DraftView,
  Explanation,
  FailTaskBody,
  InstanceDetail,
  InstancePage,
  InstanceQuery,
  InstanceStarted,
  LogPage,
  LogQuery,
  LoginBody,
  NewPasswordBody,
  NewUserBody,
  OperationDone,
  Overview,
  OverviewQuery,
  ProcessDetail,
  ProcessPage,
  ProcessQuery,
  RerunBody,
  RestartBody,
  RetryTaskBody,
  SavedProcess,
  SecretBody,
  SecretView,
  Session,
  StartInstanceBody,
  StopBody,
  SucceedTaskBody,
  TaskBody,
  TaskPage,
  TaskQuery,
  TaskTypeList,
  UserView,
  ValidationReport,
  VariablesBody,
  VersionDetail,
  VersionPage,
  WorkerList,
  ServiceList,
  About,
  RunGrid,
  RunGridQuery,
} from '@orderlines/contracts';

/** What a route is asked with and what it answers. */
export interface Route {
  readonly query?: object;
  readonly body?: unknown;
  readonly answer: unknown;
}

/** A list's query as a caller writes it: everything may be left out. */
type Asked<Query> = { readonly [Key in keyof Query]?: Query[Key] | undefined };
/** A body as a caller writes it: what has a default may be left out. */
type Written<Body, Defaulted extends keyof Body = never> = Omit<Body, Defaulted> & Partial<Pick<Body, Defaulted>>;
type Operation<Body> = { body: Body; answer: OperationDone };

/** Every route of the HTTP API that the console asks; the shapes are those of the contracts. */
export interface Routes {
  'POST sessions': { body: LoginBody; answer: Session };
  'DELETE sessions/current': { answer: void };
  'GET sessions/methods': { answer: LoginMethods };
  'POST registrations': { body: RegistrationBody; answer: UserView };
  'PATCH me': { body: ProfileBody; answer: UserView };
  'PUT me/picture': { body: PictureBody; answer: UserView };
  'DELETE me/picture': { answer: UserView };
  'GET me/second-factor': { answer: SecondFactorState };
  'POST me/second-factor': { body: PasswordBody; answer: SecondFactorBegun };
  'POST me/second-factor/confirmation': { body: CodeBody; answer: RecoveryCodes };
  'POST me/second-factor/recovery-codes': { body: PasswordBody; answer: RecoveryCodes };
  'POST me/second-factor/removal': { body: PasswordBody; answer: void };
  'GET me/sessions': { answer: SessionView[] };
  'DELETE me/sessions': { answer: SessionsEnded };
  'DELETE me/sessions/:id': { answer: void };
  'GET me': { answer: UserView };
  'PUT me/password': { body: NewPasswordBody; answer: void };
  'GET users': {
    query: Asked<{ cursor: string; limit: number; search: string; kind: string; enabled: string; approved: string }>;
    answer: UserPage;
  };
  'POST users': { body: Written<NewUserBody, 'administrator' | 'roles' | 'kind'>; answer: UserAdded };
  'PATCH users/:id': { body: UserChangeBody; answer: UserView };
  'DELETE users/:id': { answer: void };
  'POST users/:id/password-reset': { body: object; answer: OneTimePassword };
  'POST users/:id/unlock': { body: object; answer: void };
  'GET users/:id': { answer: UserDetail };
  'DELETE users/:id/sessions': { answer: SessionsEnded };
  'DELETE users/:id/second-factor': { answer: void };
  'GET users/:userId/tokens': { answer: TokenView[] };
  'POST users/:userId/tokens': { body: Written<NewTokenBody, 'expiresInDays' | 'purpose'>; answer: TokenMade };
  'DELETE users/:userId/tokens/:id': { answer: void };
  'GET permissions/holders': { query: RightHoldersQuery; answer: RightHolders };
  'GET users/:user/access': { answer: UserAccess };
  'PUT users/:user/access': { body: UserAccessBody; answer: UserAccess };
  'GET me/tokens': { answer: TokenView[] };
  'POST me/tokens': { body: Written<NewTokenBody, 'expiresInDays' | 'purpose'>; answer: TokenMade };
  'DELETE me/tokens/:id': { answer: void };
  'GET permissions': { answer: PermissionCatalogue };
  'GET permissions/mine': { answer: OwnRights };
  'GET permissions/explanation': { query: ExplainRightQuery; answer: RightExplanation };
  'GET roles': { answer: RoleList };
  'PUT roles/:name': { body: RoleBody; answer: RoleView };
  'DELETE roles/:name': { answer: void };
  'GET groups': { answer: GroupList };
  'PUT groups/:name': { body: Partial<GroupBody>; answer: GroupView };
  'PUT groups/:name/members': { body: { members: string[] }; answer: GroupView };
  'DELETE groups/:name': { answer: void };
  'GET departments': { answer: DepartmentList };
  'POST departments': { body: Written<DepartmentBody, 'parentId' | 'description'>; answer: DepartmentView };
  'PUT departments/:id': { body: Written<DepartmentBody, 'parentId' | 'description'>; answer: DepartmentView };
  'DELETE departments/:id': { answer: void };
  'GET namespaces': { answer: NamespaceList };
  'PUT namespaces/:name': { body: Partial<NamespaceBody>; answer: NamespaceView };
  'DELETE namespaces/:name': { answer: void };
  'GET parameters': { answer: ParameterView[] };
  'PUT parameters/:name': { body: { value: Json }; answer: ParameterView };
  'DELETE parameters/:name': { answer: ParameterView };
  'GET audit': { query: Asked<AuditQuery>; answer: AuditPage };
  'GET audit/verification': { answer: AuditVerification };
  'GET api-log': { query: Asked<ApiLogQuery>; answer: ApiLogPage };

  'GET processes': { query: Asked<ProcessQuery>; answer: ProcessPage };
  'POST processes': { body: Written<BuildProcessBody, 'draft' | 'dry' | 'format'>; answer: SavedProcess };
  'POST processes/validate': { body: Written<DefinitionBody, 'format'>; answer: ValidationReport };
  'GET processes/:id': { answer: ProcessDetail };
  'DELETE processes/:id': { answer: void };
  'GET processes/:id/versions': { query: Asked<{ cursor: string; limit: number }>; answer: VersionPage };
  'GET processes/:id/versions/:number': { answer: VersionDetail };
  'GET processes/:id/draft': { answer: DraftView };
  'PUT processes/:id/draft': { body: Written<DefinitionBody, 'format'>; answer: SavedProcess };

  'GET instances': { query: Asked<InstanceQuery>; answer: InstancePage };
  'GET instances/grid': { query: Asked<RunGridQuery>; answer: RunGrid };
  'POST instances': { body: Written<StartInstanceBody, 'params' | 'mode' | 'stops' | 'dry' | 'origin'>; answer: InstanceStarted };
  'POST instances/batch': { body: Written<BatchBody, 'dry' | 'limit'>; answer: BatchDone };
  'GET instances/:id': { answer: InstanceDetail };
  'GET instances/:id/explain': { answer: Explanation };
  'GET instances/:id/logs': { query: Asked<LogQuery>; answer: LogPage };
  'POST instances/:id/stop': Operation<Written<StopBody, 'force' | 'stopSchedule'>>;
  'POST instances/:id/pause': Operation<object>;
  'POST instances/:id/resume': Operation<object>;
  'PUT instances/:id/variables': Operation<VariablesBody>;
  'POST instances/:id/debug': Operation<DebugAction>;
  'POST instances/:id/restart': { body: RestartBody; answer: InstanceStarted };
  'POST instances/:id/rerun': { body: RerunBody; answer: InstanceStarted };
  'POST instances/:id/tasks/:taskId/retry': Operation<RetryTaskBody>;
  'POST instances/:id/tasks/:taskId/skip': Operation<TaskBody>;
  'POST instances/:id/tasks/:taskId/fail': Operation<FailTaskBody>;
  'POST instances/:id/tasks/:taskId/succeed': Operation<SucceedTaskBody>;
  'POST instances/:id/tasks/:taskId/stop': Operation<TaskBody>;
  'POST instances/:id/tasks/:taskId/choose': Operation<ChooseBody>;
  'POST instances/:id/tasks/:taskId/raise': Operation<TaskBody>;
  'POST instances/:id/tasks/:taskId/approval': { body: Written<AnswerBody, 'comment' | 'values'>; answer: AnswerTaken };

  'GET tasks': { query: Asked<TaskQuery>; answer: TaskPage };
  'GET approvals': { query: Asked<ApprovalQuery>; answer: ApprovalPage };
  'GET alarms': { query: Asked<AlarmQuery>; answer: AlarmPage };
  'POST alarms/:id/acknowledgement': { body: AcknowledgeBody; answer: AlarmView };
  'GET overview': { query: Asked<OverviewQuery>; answer: Overview };
  'GET schedules': { query: Asked<ScheduleQuery>; answer: SchedulePage };
  'POST schedules': { body: Written<ScheduleBody, 'paused'>; answer: ScheduleView };
  'POST schedules/preview': { body: PreviewBody; answer: SlotPreview };
  'GET schedules/:id': { answer: ScheduleDetail };
  'PUT schedules/:id': { body: ScheduleSettings; answer: ScheduleView };
  'DELETE schedules/:id': { answer: void };
  'POST schedules/:id/pause': { body: PauseScheduleBody; answer: ScheduleView };
  'POST schedules/:id/resume': { body: object; answer: ScheduleView };
  'POST schedules/:id/run': { body: object; answer: SlotView };
  'GET schedules/:id/slots': { query: Asked<SlotQuery>; answer: SlotPage };
  'POST schedules/:id/slots/:slot/answer': { body: Written<SlotAnswerBody, 'message'>; answer: SlotView };
  'GET schedules/:id/backfills': { answer: BackfillView[] };
  'POST schedules/:id/backfills': { body: BackfillBody; answer: BackfillView | BackfillPlan };
  'POST schedules/:id/backfills/:backfill/cancel': { body: object; answer: BackfillView };
  'GET calendars': { query: Asked<CalendarListQuery>; answer: CalendarView[] };
  'PUT calendars/:name': { query: { namespace?: string }; body: CalendarBody; answer: CalendarView };
  'DELETE calendars/:name': { query: { namespace?: string }; answer: void };
  'GET triggers': { query: Asked<TriggerQuery>; answer: TriggerPage };
  'POST triggers': { body: Written<TriggerBody, 'enabled' | 'note'>; answer: TriggerWithAddress };
  'GET triggers/:id': { answer: TriggerDetail };
  'PUT triggers/:id': { body: TriggerSettings; answer: TriggerWithAddress };
  'DELETE triggers/:id': { answer: void };
  'POST triggers/:id/enable': { body: object; answer: TriggerView };
  'POST triggers/:id/disable': { body: DisableTriggerBody; answer: TriggerView };
  'POST triggers/:id/rotate': { body: object; answer: TriggerWithAddress };
  'POST triggers/:id/try': { body: TryTriggerBody; answer: TriedTrigger };
  'GET triggers/:id/evaluations': { query: Asked<EvaluationQuery>; answer: EvaluationPage };
  'GET task-types': { answer: TaskTypeList };
  'GET about': { answer: About };
  'GET services': { answer: ServiceList };
  'GET workers': { answer: WorkerList };
  'GET variables': { answer: VariableView[] };
  'GET variables/:name/usage': { query: { namespace?: string }; answer: UsageView[] };
  'PUT variables/:name': { query: { namespace?: string }; body: Written<VariableBody, 'description'>; answer: VariableView };
  'DELETE variables/:name': { query: { namespace?: string }; answer: void };
  'GET secrets/:name/usage': { query: { namespace?: string }; answer: UsageView[] };
  'GET secrets': { answer: SecretView[] };
  'PUT secrets/:name': { query: { namespace?: string }; body: Written<SecretBody, 'description'>; answer: SecretView };
  'DELETE secrets/:name': { query: { namespace?: string }; answer: void };
}

/** `method path` of a route. */
export type RouteName = keyof Routes & string;

/** The parts of a path that a call fills in. */
export type PathParts<Name extends string> = Name extends `${string}:${infer Part}/${infer Rest}`
  ? { readonly [Key in Part]: string | number } & PathParts<Rest>
  : Name extends `${string}:${infer Part}`
    ? { readonly [Key in Part]: string | number }
    : object;

/** What a call gives beside its route. */
export type CallOf<Name extends RouteName> = PathParts<Name> & {
  readonly query?: Routes[Name] extends { query: infer Query extends object } ? Query : never;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
} & (Routes[Name] extends { body: infer Body } ? { readonly body: Body } : object);

/** What a route answers. */
export type AnswerOf<Name extends RouteName> = Routes[Name]['answer'];

import { ObjectRights } from '@orderlines/auth';
import type { NatsConnection } from '@nats-io/transport-node';
import { createDataSource, createPool, liveServiceAddresses, Parameters, registerServiceNode } from '@orderlines/persistence';
import { ExecutorClient } from '@orderlines/rpc';
import { KeyRing } from '@orderlines/secrets';
import { createLogger, createMetrics, pause, Shutdown, startHealthServer, type HealthCheck, type Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { Alarms } from './alarm/alarms.js';
import { Departments } from './access/departments.js';
import { Groups } from './access/groups.js';
import { Namespaces } from './access/namespaces.js';
import { Roles } from './access/roles.js';
import { UserRights } from './access/user-rights.js';
import { Approvals } from './approval/approvals.js';
import type { GatewayConfig } from './config.js';
import type { Functions } from './gateway.module.js';
import { Events } from './event/events.js';
import { openGrpcDoor } from './grpc/grpc-door.js';
import { EventStreams } from './http/event-streams.js';
import { openHttpDoor } from './http/http-door.js';
import { InstanceEvents } from './instance/instance-events.js';
import { Instances } from './instance/instances.js';
import { BatchOperations } from './operation/batch-operations.js';
import { LiveFeed } from './live/live-feed.js';
import { LiveStream } from './live/live-stream.js';
import { InstanceLogs } from './log/instance-logs.js';
import { DefinitionReaders } from './process/definition-readers.js';
import { makeManifests } from './manifest/make-manifests.js';
import { Overviews } from './overview/overviews.js';
import { Definitions } from './process/definitions.js';
import { Drafts } from './process/drafts.js';
import { ProcessCatalogue } from './process/process-catalogue.js';
import { PublishChecks } from './process/publish-checks.js';
import { Versions } from './process/versions.js';
import { Cookies } from './session/cookies.js';
import { makeDoorkeepers, type Doorkeepers } from './session/doorkeepers.js';
import { Backfills } from './schedule/backfills.js';
import { Calendars } from './schedule/calendars.js';
import { Schedules } from './schedule/schedules.js';
import { Signals } from './signal/signals.js';
import { Secrets } from './secret/secrets.js';
import { connectDataSource, connectLive, natsCheck, postgresCheck } from './stores.js';
import { TaskDownloads } from './task/task-downloads.js';
import { ApiLog } from './trail/api-log.js';
import { Attempts } from './trail/attempts.js';
import { AuditTrail } from './trail/audit-trail.js';
import { TrailUpkeep } from './trail/trail-upkeep.js';
import { Triggers } from './trigger/triggers.js';
import { Usages } from './variable/usages.js';
import { Variables } from './variable/variables.js';
import { ParameterList } from './parameter/parameter-list.js';
import { Webhooks } from './webhook/webhooks.js';
import { TaskTypes } from './worker/task-types.js';

/** Connections for hand-written reads; the data source has ten more. */
const POOL_SIZE = 10;
/** Whoever starts a gateway beside its stores finds them connected; it does not wait longer for stores that are away. */
const CONNECTED_WITHIN_MS = 5_000;

/** A running gateway. Ports are absent for doors that stay shut. */
export interface RunningGateway {
  readonly port?: number;
  readonly grpcPort?: number;
  /** Where health and metrics are: the HTTP door's port when it is open. */
  readonly healthPort: number;
  /** Takes nothing new, ends streams and closes. */
  close(): Promise<void>;
}

/** Opens the doors. While Postgres or NATS is away they are open too, and `/health/ready` says what is missing. */
export const startApiGateway = async (config: GatewayConfig): Promise<RunningGateway> => {
  const logger = createLogger('api-gateway', config.logLevel);
  const shutdown = new Shutdown(logger);
  try {
    return await open(config, logger, shutdown);
  } catch (error) {
    await shutdown.close();
    throw error;
  }
};

const open = async (config: GatewayConfig, logger: Logger, shutdown: Shutdown): Promise<RunningGateway> => {
  const metrics = createMetrics('api-gateway');
  const stop = new AbortController();
  const source = createDataSource(config.databaseUrl, 'orderlines-api-gateway');
  const pool = createPool(config.databaseUrl, { name: 'orderlines-api-gateway', max: POOL_SIZE }, (error) =>
    logger.warn({ err: error }, 'lost a connection'),
  );
  shutdown.add('Postgres', () => pool.end());
  const feed = new LiveFeed(logger);
  const stores = openStores(config, { source, pool, feed, logger }, shutdown, stop.signal);
  // Ended before the stores are closed, also when a door cannot be opened.
  shutdown.add('waiting for stores', () => stop.abort());

  const executor = new ExecutorClient({
    addresses: () => liveServiceAddresses(pool, 'executor'),
    logger,
    internalToken: config.internalToken,
    tls: config.internalTls,
  });
  shutdown.add('executor connections', () => executor.close());
  const readers = new DefinitionReaders(config.definitionReaderUrl ?? new URL('./definition-reader.js', import.meta.url), logger);
  shutdown.add('definition readers', () => readers.close());
  const keys = KeyRing.of(config.secretKey);
  const parameters = new Parameters(pool, logger);
  const trail = openTrail(pool, keys, parameters, logger, shutdown);
  const doorkeepers = makeDoorkeepers(source.manager, keys, parameters, config.oidc);
  const functions = makeFunctions(
    source,
    pool,
    executor,
    feed,
    readers,
    trail,
    { keys, parameters, secrets: new Secrets(pool, keys) },
    doorkeepers,
  );
  const checks: Record<string, HealthCheck> = {
    postgres: postgresCheck(pool, source),
    nats: natsCheck(stores.nats),
    executor: executor.check,
  };
  const doors = await openDoors(config, functions, { checks, metrics, logger }, shutdown);
  await Promise.race([stores.connected, pause(CONNECTED_WITHIN_MS, stop.signal)]);
  logger.info(doors, 'api-gateway is open');
  return { ...doors, close: () => shutdown.close() };
};

interface Stores {
  readonly source: DataSource;
  readonly pool: Pool;
  readonly feed: LiveFeed;
  readonly logger: Logger;
}

/** Connects in the background for as long as it takes. */
const openStores = (config: GatewayConfig, { source, pool, feed, logger }: Stores, shutdown: Shutdown, signal: AbortSignal) => {
  let nats: NatsConnection | undefined;
  const node = connectDataSource(source, logger, signal).then(() =>
    signal.aborted ? undefined : registerServiceNode(pool, logger, { role: 'api-gateway', address: null, version: config.version }),
  );
  const live = connectLive(config.natsUrl, logger, signal).then((connection) => {
    nats = connection;
    if (connection) feed.attach(connection);
  });
  shutdown.add('data source', async () => {
    await (await node)?.close();
    if (source.isInitialized) await source.destroy();
  });
  shutdown.add('NATS', async () => {
    await live;
    feed.close();
    await nats?.close();
  });
  return { nats: () => nats, connected: Promise.all([node, live]) };
};

type Trail = Pick<Functions, 'apiLog' | 'attempts' | 'auditTrail'>;

/** What is written down of requests, and how long it is kept. */
const openTrail = (pool: Pool, keys: KeyRing, parameters: Parameters, logger: Logger, shutdown: Shutdown): Trail => {
  const apiLog = new ApiLog(pool, logger);
  const trail = { apiLog, attempts: new Attempts(pool, logger), auditTrail: new AuditTrail(pool, keys) };
  const upkeep = new TrailUpkeep(pool, keys, parameters, logger);
  const started = parameters.start();
  apiLog.start();
  upkeep.start();
  shutdown.add('trail', async () => {
    await Promise.all([started.then(() => parameters.stop()), upkeep.stop(), apiLog.close()]);
  });
  return trail;
};

const makeFunctions = (
  source: DataSource,
  pool: Pool,
  executor: ExecutorClient,
  feed: LiveFeed,
  readers: DefinitionReaders,
  trail: Trail,
  { keys, parameters, secrets }: { readonly keys: KeyRing; readonly parameters: Parameters; readonly secrets: Secrets },
  doorkeepers: Doorkeepers,
): Functions => {
  const { manager } = source;
  const objects = new ObjectRights(manager);
  const namespaces = new Namespaces(manager);
  const taskTypes = new TaskTypes(pool);
  const definitions = new Definitions(manager, taskTypes, readers, secrets, { objects, namespaces });
  const drafts = new Drafts(manager, definitions);
  const instances = new Instances(manager, pool, executor, objects);
  const events = new InstanceEvents(pool, feed);
  const schedules = new Schedules(manager, pool, objects);
  const triggers = new Triggers(manager, pool, objects);
  const calendars = new Calendars(manager);
  const variables = new Variables(pool);
  const catalogue = new ProcessCatalogue(manager, pool);
  return {
    manager,
    objects,
    ...doorkeepers,
    taskTypes,
    definitions,
    drafts,
    versions: new Versions(manager, definitions, drafts),
    publishChecks: new PublishChecks(manager, pool, definitions, secrets, taskTypes),
    catalogue,
    instances,
    batches: new BatchOperations(manager, pool, instances),
    approvals: new Approvals(pool, instances),
    signals: new Signals(executor),
    events,
    live: new LiveStream(pool, feed, events),
    alarms: new Alarms(manager, pool),
    overviews: new Overviews(pool),
    logs: new InstanceLogs(pool),
    secrets,
    roles: new Roles(manager),
    groups: new Groups(manager),
    departments: new Departments(manager),
    namespaces,
    userRights: new UserRights(manager, doorkeepers.book),
    schedules,
    calendars,
    backfills: new Backfills(manager, pool, schedules, objects),
    triggers,
    webhooks: new Webhooks(manager, pool, keys),
    domainEvents: new Events(manager, pool),
    downloads: new TaskDownloads(pool),
    parameters: new ParameterList(manager, parameters),
    variables,
    ...makeManifests({ manager, objects, namespaces, definitions, catalogue, schedules, calendars, triggers, variables }),
    usages: new Usages(pool),
    ...trail,
  };
};

interface DoorSurroundings {
  readonly checks: Readonly<Record<string, HealthCheck>>;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly logger: Logger;
}

const openDoors = async (
  config: GatewayConfig,
  functions: Functions,
  { checks, metrics, logger }: DoorSurroundings,
  shutdown: Shutdown,
) => {
  const { host, doors, version } = config;
  const ports: { port?: number; grpcPort?: number; healthPort: number } = { healthPort: 0 };
  if (doors.grpc) {
    const grpc = await openGrpcDoor({ host, port: config.grpcPort, tls: config.grpcTls }, functions, logger);
    shutdown.add('gRPC door', () => grpc.close());
    ports.grpcPort = grpc.port;
  }
  if (doors.http) {
    const streams = new EventStreams();
    const cookies = new Cookies(config.publicUrl?.startsWith('https:') ?? false);
    const http = await openHttpDoor(
      { host, port: config.port, version, consoleFolder: config.consoleFolder, trustedProxies: config.trustedProxies },
      functions,
      { checks, metrics, streams, cookies },
      logger,
    );
    shutdown.add('HTTP door', () => http.close());
    // Closed first: the door waits for its streams.
    shutdown.add('event streams', () => streams.close());
    ports.port = ports.healthPort = http.port;
  } else {
    const health = await startHealthServer({ host, port: config.healthPort, checks, metrics });
    shutdown.add('health door', () => health.close());
    ports.healthPort = health.port;
  }
  return ports;
};

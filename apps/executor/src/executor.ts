import type { NatsConnection } from '@nats-io/transport-node';
import { Publisher, ensureStreams, watchConnection } from '@orderlines/messaging';
import { Parameters } from '@orderlines/persistence/postgres';
import { advance } from '@orderlines/process-engine';
import { ExternalSecrets, KeyRing } from '@orderlines/secrets';
import type { HealthCheck, Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { ExecutorConfig } from './config.js';
import { Announcer } from './dispatch/announcer.js';
import { CircleWatch } from './dispatch/circle-watch.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { LinkMessages } from './dispatch/link-messages.js';
import { SlotTurns } from './dispatch/slot-turns.js';
import { StreamDepths } from './dispatch/stream-depths.js';
import { Sweeper } from './dispatch/sweeper.js';
import { UnannouncedFacts } from './dispatch/unannounced-facts.js';
import { UnansweredCancels } from './dispatch/unanswered-cancels.js';
import { UnclaimedTasks } from './dispatch/unclaimed-tasks.js';
import { UnfollowedLinks } from './dispatch/unfollowed-links.js';
import { UnreadInputs } from './dispatch/unread-inputs.js';
import { Housekeeping } from './housekeeping.js';
import { AlarmClock } from './inputs/alarm-clock.js';
import { ChildOrders } from './inputs/child-orders.js';
import { ClaimsInput } from './inputs/claims.input.js';
import { ConnectionAge } from './inputs/connection-age.js';
import { HeartbeatsInput } from './inputs/heartbeats.input.js';
import { LeasesInput } from './inputs/leases.input.js';
import { ReportsInput } from './inputs/reports.input.js';
import { ResultsInput } from './inputs/results.input.js';
import { TimersInput } from './inputs/timers.input.js';
import { ValuesInput } from './inputs/values.input.js';
import { Aftermath } from './instance/aftermath.js';
import { BatchLoop } from './instance/batch-loop.js';
import { InstanceOperations } from './instance/instance-operations.js';
import { InstanceRunner } from './instance/instance-runner.js';
import type { BatchItem } from './instance/batch-item.js';
import { ProcessVersions } from './instance/process-versions.js';
import { RunQuotas } from './instance/run-quotas.js';
import type { ExecutorMetrics } from './metrics.js';
import { Retention } from './retention.js';
import { Settings } from './settings.js';
import { SignalDelivery } from './signals/signal-delivery.js';
import { UndeliveredSignals } from './signals/undelivered-signals.js';
import { TaskSecrets } from './secrets/task-secrets.js';
import { Watchdog } from './watchdog/watchdog.js';
import { BatchSession } from './store/batch-session.js';

/** What an executor is given: connections that are there, opened and closed by somebody else. */
export interface ExecutorSurroundings {
  readonly config: ExecutorConfig;
  readonly pool: Pool;
  readonly nats: NatsConnection;
  readonly metrics: ExecutorMetrics;
  readonly logger: Logger;
}

/** The parts of an executor and what runs between them; the only place where they are put together. */
export class Executor {
  readonly operations: InstanceOperations;
  private readonly age: ConnectionAge;
  private readonly loop: BatchLoop;
  private readonly session: BatchSession;
  private readonly claims: ClaimsInput;
  private readonly reports: ReportsInput;
  private readonly results: ResultsInput;
  private readonly heartbeats: HeartbeatsInput;
  private readonly values: ValuesInput;
  private readonly timers: TimersInput;
  private readonly leases: LeasesInput;
  private readonly sweeper: Sweeper;
  private readonly housekeeping: Housekeeping;
  private readonly retention: Retention;
  private readonly watchdog: Watchdog;
  private readonly dispatcher: Dispatcher;
  private readonly announcer: Announcer;
  private readonly parameters: Parameters;
  private readonly quotas: RunQuotas;
  private unwatch: () => void = () => undefined;

  constructor(private readonly surroundings: ExecutorSurroundings) {
    const { config, pool, nats, metrics, logger } = surroundings;
    this.parameters = new Parameters(pool, logger);
    this.quotas = new RunQuotas(pool, logger);
    const settings = new Settings(this.parameters);
    const versions = new ProcessVersions(pool);
    const publisher = new Publisher(nats, { ensure: () => ensureStreams(nats) });
    const announcer = new Announcer(nats, publisher, logger);
    this.announcer = announcer;
    const links = new LinkMessages(publisher, logger);
    const slots = new SlotTurns(pool, publisher, logger);
    const depths = new StreamDepths(nats);
    const alarm = new AlarmClock();
    const submit = (item: BatchItem) => this.loop.submit(item);
    const oldestInput = () => depths.oldestInput();
    this.age = new ConnectionAge(config.settleMs);
    this.session = new BatchSession(config.databaseUrl, logger);
    this.dispatcher = new Dispatcher(publisher, depths, pool, versions, settings, config.publicUrl, logger);
    const signals = new SignalDelivery(submit, logger);
    this.loop = this.batchLoop(
      new InstanceRunner(this.session, versions, settings, advance, config.publicUrl, this.quotas),
      new Aftermath(this.dispatcher, announcer, links, slots, alarm, signals, config.survivesCommit),
    );
    this.operations = new InstanceOperations(pool, versions, submit);
    this.claims = new ClaimsInput(
      nats,
      pool,
      submit,
      new TaskSecrets(pool, KeyRing.of(config.secretKey), new ExternalSecrets(config.secretReferences)),
      logger,
    );
    this.reports = new ReportsInput(nats, submit, logger);
    this.results = new ResultsInput(nats, submit, new ChildOrders(pool, versions), logger, () => this.sweeper.wake());
    this.values = new ValuesInput(nats, pool, logger);
    this.heartbeats = new HeartbeatsInput(nats, pool, settings, submit, () => this.leases.lookNow(), config.leaseMs, logger);
    this.timers = new TimersInput(pool, this.age, alarm, oldestInput, submit, logger);
    this.leases = new LeasesInput(pool, this.age, oldestInput, submit, logger, config.leaseMs);
    const outbox = [
      new UnreadInputs(depths, this.results),
      new UnclaimedTasks(pool, this.dispatcher, depths, config.leaseMs, config.sweepMs),
      new UnansweredCancels(pool, announcer, settings),
      new UnannouncedFacts(pool, announcer),
      new UndeliveredSignals(pool, signals, config.sweepMs),
      new UnfollowedLinks(pool, links),
      slots,
      new CircleWatch(pool, submit, metrics, logger),
    ];
    this.housekeeping = new Housekeeping(pool, logger);
    this.retention = new Retention(pool, this.parameters, logger);
    this.sweeper = new Sweeper(outbox, config.sweepMs, () => this.age.connectedMs > 0, logger);
    this.watchdog = new Watchdog(pool, { found: (count) => metrics.unexplained(count), sweep: () => this.sweeper.wake() }, logger);
  }

  /** Begins to work. */
  async start(): Promise<void> {
    await Promise.all([this.parameters.start(), this.quotas.start()]);
    this.unwatch = watchConnection(this.surroundings.nats, ({ type }) => {
      if (type === 'disconnect') this.age.disconnected('nats');
      if (type === 'reconnect') this.age.connected('nats');
    });
    this.age.connected('nats');
    this.age.connected('postgres');
    this.results.start();
    this.claims.start();
    this.reports.start();
    this.heartbeats.start();
    this.values.start();
    this.timers.start();
    this.leases.start();
    this.sweeper.start();
    this.housekeeping.start();
    this.retention.start();
    this.watchdog.start();
  }

  /** Takes nothing more, writes and carries out what it has, and gives the rest back. */
  async stop(): Promise<void> {
    this.unwatch();
    this.claims.stop();
    this.reports.stop();
    this.heartbeats.stop();
    this.values.stop();
    await Promise.all([
      this.results.stop(),
      this.timers.stop(),
      this.leases.stop(),
      this.sweeper.stop(),
      this.housekeeping.stop(),
      this.retention.stop(),
      this.watchdog.stop(),
      this.parameters.stop(),
      this.quotas.stop(),
    ]);
    await this.loop.close();
    this.dispatcher.close();
    await this.session.close();
  }

  /** Time of the oldest fact that NATS did not take, epoch milliseconds; null: it took all. */
  get unannouncedSince(): number | null {
    return this.announcer.unannouncedSince;
  }

  /** What `/health/ready` looks at. */
  checks(): Record<string, HealthCheck> {
    const { pool, nats } = this.surroundings;
    return {
      postgres: async () => {
        await pool.query('select 1');
        return this.loop.trouble;
      },
      nats: () => (nats.isClosed() || this.age.lacks('nats') ? 'not connected to NATS' : null),
    };
  }

  private batchLoop(runner: InstanceRunner, aftermath: Aftermath): BatchLoop {
    const { metrics, logger } = this.surroundings;
    return new BatchLoop(
      {
        run: async (items) => {
          const from = performance.now();
          const committed = await runner.run(items);
          metrics.committed(committed, (performance.now() - from) / 1_000);
          return committed;
        },
        carryOut: (batch) =>
          aftermath
            .carryOut(batch)
            .catch((error: unknown) => logger.error({ err: error }, 'could not carry out a batch; the sweeper will')),
        reachable: () => this.storeAnswers(),
        storeLost: (error) => {
          logger.error({ err: error }, 'Postgres went away; nothing is pulled until it is back');
          metrics.storeLost();
          this.age.disconnected('postgres');
          void this.results.stop();
        },
        storeBack: () => {
          logger.info('Postgres is back');
          this.age.connected('postgres');
          this.results.start();
          this.sweeper.wake();
        },
        repeated: (error) => {
          metrics.repeated(error);
          logger.warn({ err: error }, 'a batch is repeated');
        },
      },
      logger,
    );
  }

  private async storeAnswers(): Promise<boolean> {
    try {
      await this.session.connect();
      await this.session.run({ name: 'alive', text: 'select 1 from runtime.process_instance limit 0' });
      return true;
    } catch {
      return false;
    }
  }
}

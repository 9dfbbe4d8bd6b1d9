import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orderlines, type Ended, type Given } from './command.js';
import { freePort } from './free-port.js';
import { ServiceProcess } from './service-process.js';

/** Name of the administrator that a platform is made with. */
export const ADMINISTRATOR = 'admin';

/** Where the stores of a platform are, and what is special about its services. */
export interface PlatformSettings {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  /** Key of secrets; a new one when it is left out. */
  readonly secretKey?: string;
  /** Lines of each service's output that are kept; all at a level that says everything when it is given. */
  readonly keptLines?: number;
  readonly gatewayEnvironment?: Readonly<Record<string, string>>;
  readonly executorEnvironment?: Readonly<Record<string, string>>;
  readonly workerEnvironment?: Readonly<Record<string, string>>;
}

/** The three services that a run passes through, each a process of its own, on stores that somebody else owns, with an administrator logged in. */
export class Platform {
  readonly url: string;
  readonly grpcAddress: string;
  readonly gateway: ServiceProcess;
  readonly executor: ServiceProcess;
  readonly worker: ServiceProcess;
  private machineToken: string | undefined;

  private constructor(
    private readonly settings: PlatformSettings & { readonly secretKey: string },
    /** Where its services keep their files. */
    readonly folder: string,
    private readonly ports: { readonly http: number; readonly grpc: number; readonly executor: number; readonly worker: number },
  ) {
    this.url = `http://127.0.0.1:${ports.http}`;
    this.grpcAddress = `127.0.0.1:${ports.grpc}`;
    this.gateway = this.makeGateway('api-gateway', ports);
    this.executor = this.makeExecutor('executor', ports.executor);
    this.worker = this.makeWorker('worker-1', ports.worker);
  }

  /** Prepares the database, makes the administrator, starts the services and logs in. */
  static async start(settings: PlatformSettings): Promise<Platform> {
    const folder = await mkdtemp(join(tmpdir(), 'orderlines-platform-'));
    const [http, grpc, executor, worker] = [await freePort(), await freePort(), await freePort(), await freePort()];
    const platform = new Platform({ secretKey: randomBytes(32).toString('base64'), ...settings }, folder, { http, grpc, executor, worker });
    try {
      await platform.prepare();
      return platform;
    } catch (error) {
      await platform.close();
      throw error;
    }
  }

  /** What all services are told. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ORDERLINES_DATABASE_URL: this.settings.databaseUrl,
      ORDERLINES_NATS_URL: this.settings.natsUrl,
      ORDERLINES_LOG_LEVEL: this.settings.keptLines === undefined ? 'warn' : 'debug',
      ORDERLINES_SECRET_KEY: this.settings.secretKey,
    };
  }

  /** Token of the administrator. */
  get token(): string {
    if (this.machineToken === undefined) throw new Error('nobody has logged in yet');
    return this.machineToken;
  }

  /** Runs `orderlines` as the administrator. */
  orderlines(argv: readonly string[], given: Given = {}): Promise<Ended> {
    return orderlines(argv, { ...given, environment: { ...this.callerEnvironment, ...given.environment } });
  }

  /** Runs `orderlines` as the administrator and reads its JSON; another exit code than 0 is an error. */
  async json<T>(argv: readonly string[], given: Given = {}): Promise<T> {
    const { code, stdout, stderr } = await this.orderlines([...argv, '--output', 'json'], given);
    if (code !== 0) throw new Error(`orderlines ${argv.join(' ')} ended with ${code}: ${stderr}${stdout}\n${this.outputs}`);
    return JSON.parse(stdout) as T;
  }

  /** What the services wrote, for a failing test. */
  get outputs(): string {
    return [this.gateway, this.executor, this.worker].map(({ settings, output }) => `--- ${settings.name}\n${output}`).join('\n');
  }

  /** Asks the HTTP API as the administrator. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}/api/v1/${path}`, {
      signal: AbortSignal.timeout(30_000),
      ...init,
      headers: {
        authorization: `Bearer ${this.machineToken}`,
        'content-type': 'application/json',
        ...(init.headers as Record<string, string>),
      },
    });
  }

  /** One more gateway, not started. */
  makeGateway(name: string, { http, grpc }: { readonly http: number; readonly grpc: number }): ServiceProcess {
    return new ServiceProcess({
      name,
      app: 'api-gateway',
      environment: {
        ...this.environment,
        ORDERLINES_PORT: String(http),
        ORDERLINES_GRPC_PORT: String(grpc),
        ...this.settings.gatewayEnvironment,
      },
      keptLines: this.settings.keptLines,
      readyUrl: `http://127.0.0.1:${http}/health/ready`,
    });
  }

  /** One more executor, not started. */
  makeExecutor(name: string, healthPort: number): ServiceProcess {
    return new ServiceProcess({
      name,
      app: 'executor',
      environment: { ...this.environment, ORDERLINES_HEALTH_PORT: String(healthPort), ...this.settings.executorEnvironment },
      keptLines: this.settings.keptLines,
      readyUrl: `http://127.0.0.1:${healthPort}/health/ready`,
    });
  }

  /** A scheduler, not started. */
  makeScheduler(name: string, healthPort: number): ServiceProcess {
    return new ServiceProcess({
      name,
      app: 'scheduler',
      environment: { ...this.environment, ORDERLINES_HEALTH_PORT: String(healthPort) },
      keptLines: this.settings.keptLines,
      readyUrl: `http://127.0.0.1:${healthPort}/health/ready`,
    });
  }

  /** One more worker, not started. */
  makeWorker(name: string, healthPort: number): ServiceProcess {
    const { ORDERLINES_DATABASE_URL: _none, ORDERLINES_SECRET_KEY: _neither, ...environment } = this.environment;
    return new ServiceProcess({
      name,
      app: 'worker',
      environment: {
        ...environment,
        ORDERLINES_HEALTH_PORT: String(healthPort),
        ORDERLINES_WORKER_NAME: name,
        ORDERLINES_DATA_DIR: join(this.folder, name),
        ...this.settings.workerEnvironment,
      },
      keptLines: this.settings.keptLines,
      readyUrl: `http://127.0.0.1:${healthPort}/health/ready`,
    });
  }

  /** Ends the services; the stores stay. */
  async close(): Promise<void> {
    await Promise.all([this.gateway, this.executor, this.worker].map((service) => service.stop()));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  private get callerEnvironment(): Readonly<Record<string, string>> {
    return {
      ORDERLINES_URL: this.url,
      XDG_CONFIG_HOME: this.folder,
      ...(this.machineToken ? { ORDERLINES_TOKEN: this.machineToken } : {}),
    };
  }

  private async prepare(): Promise<void> {
    const password = randomUUID();
    await this.must(['migrate'], this.environment);
    await this.must(['create-super-user', '-u', ADMINISTRATOR, '-p', password], this.environment);
    await Promise.all([this.executor.start(), this.gateway.start(), this.worker.start()]);
    const session = await this.post('sessions', { login: ADMINISTRATOR, password });
    // A session's token holds for a quarter of an hour, and some tests take longer.
    this.machineToken = (await this.post('me/tokens', { name: 'system tests' }, session.token)).token;
  }

  private async post(path: string, body: object, token?: string): Promise<{ readonly token: string }> {
    const answer = await fetch(`${this.url}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { token: string };
  }

  private async must(argv: readonly string[], environment: Readonly<Record<string, string>>): Promise<void> {
    const { code, stderr } = await this.orderlines(argv, { environment });
    if (code !== 0) throw new Error(`orderlines ${argv.join(' ')} ended with ${code}: ${stderr}`);
  }
}

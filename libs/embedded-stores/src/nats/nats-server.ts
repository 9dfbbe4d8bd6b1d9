import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { lockFolder } from '../process/folder-lock.js';
import { assertPortFree, freePort } from '../process/free-port.js';
import { SupervisedServer, type ServerExit } from '../process/supervised-server.js';
import { commandLine, endForeignProcess } from '../process/system-process.js';
import { StoreError } from '../store-error.js';
import { findNatsServer } from './find-nats-server.js';

/** A nats-server with JetStream that this process runs. */
export interface NatsServer {
  /** Without user and password. */
  readonly url: string;
  readonly port: number;
  /** Process id of the server. */
  readonly pid: number;
  /** Settles when the server has ended, also when nobody asked it to. */
  readonly exited: Promise<ServerExit>;
  /** Stops the server and frees the folder. */
  close(): Promise<void>;
}

/** How a nats-server is started. */
export interface NatsServerOptions {
  /** Absolute path; made when it is missing. One server at a time. */
  readonly storeDir: string;
  /** On 127.0.0.1; absent: any free one. */
  readonly port?: number;
  /** Path of the program; absent: ORDERLINES_NATS_SERVER, else the path. */
  readonly binary?: string;
  /** More lines for its configuration file, e.g. users and their permissions. */
  readonly configuration?: string;
}

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;

/** Starts nats-server on a folder; throws {@link StoreError} with a code when that cannot be done. */
export const startNatsServer = async (options: NatsServerOptions): Promise<NatsServer> => {
  const program = findNatsServer(options.binary);
  const lock = await lockFolder(options.storeDir);
  try {
    const files = filesOf(options.storeDir);
    await endOrphan(files);
    if (options.port !== undefined) await assertPortFree(options.port, 'nats-server');
    const port = options.port ?? (await freePort());
    await writeConfiguration(files, port, options.configuration ?? '');
    const server = SupervisedServer.start({
      title: 'nats-server',
      program,
      args: ['-c', files.configuration, '-P', files.pid],
      logFile: files.log,
      stopSignal: 'TERM',
      stopLimitMs: STOP_LIMIT_MS,
    });
    await server.waitUntilReady(() => greets(port), START_LIMIT_MS);
    return {
      url: `nats://127.0.0.1:${port}`,
      port,
      pid: (await serverPid(files)) ?? 0,
      exited: server.exited,
      close: async () => {
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
};

const filesOf = (storeDir: string) => ({
  configuration: join(storeDir, 'nats-server.conf'),
  pid: join(storeDir, 'nats-server.pid'),
  log: join(storeDir, 'nats-server.log'),
  jetstream: join(storeDir, 'jetstream'),
});
type Files = ReturnType<typeof filesOf>;

/** Passwords stand in it: nobody else may read it. */
const writeConfiguration = async (files: Files, port: number, more: string) => {
  const text = `host: "127.0.0.1"
port: ${port}
jetstream { store_dir: ${JSON.stringify(files.jetstream)} }
${more}
`;
  await mkdir(files.jetstream, { recursive: true });
  await writeFile(files.configuration, text, { mode: 0o600 });
  await chmod(files.configuration, 0o600);
};

/** The server greets every connection with its INFO, and opens its door only after JetStream has recovered its streams. */
const greets = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 });
    const answer = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('data', (data) => answer(data.toString().startsWith('INFO ')));
    socket.once('error', () => answer(false));
    socket.once('timeout', () => answer(false));
    socket.once('end', () => answer(false));
  });

const serverPid = async (files: Files) => {
  const pid = Number.parseInt(await readFile(files.pid, 'utf8').catch(() => ''), 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
};

/** A server whose owner is gone (its folder lock says so) would write into the same files. */
const endOrphan = async (files: Files) => {
  const pid = await serverPid(files);
  if (pid !== undefined && commandLine(pid)?.includes(files.configuration) === true) {
    if (!(await endForeignProcess(pid, 'SIGTERM', STOP_LIMIT_MS))) {
      throw new StoreError('store.in-use', `A nats-server (process ${pid}) still runs on ${files.jetstream} and cannot be stopped.`);
    }
  }
  await rm(files.pid, { force: true });
};

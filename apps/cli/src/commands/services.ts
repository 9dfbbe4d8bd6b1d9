import { Argument, type Command, InvalidArgumentError } from 'commander';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';

const SERVICES = ['api-gateway', 'executor', 'scheduler', 'worker'] as const;
type Service = (typeof SERVICES)[number];

interface DoorOptions {
  readonly host?: string;
  readonly port?: number;
}

/** `run`, `runserver`, `run-grpc`, `schedule` and `standalone`: services in the foreground, in this process; their settings are environment variables. */
export const addServices = (line: CommandLine): void => {
  line.root
    .command('run')
    .summary('run one service in the foreground')
    .description(
      'Run one service in the foreground. It reads ORDERLINES_DATABASE_URL, ORDERLINES_NATS_URL and its other settings from the environment.',
    )
    .addArgument(new Argument('<service>', 'which one').choices(SERVICES))
    .action(line.action((_invocation, service: Service) => load(service)));
  door(line, 'runserver', 'http', '15900')
    .alias('run-server')
    .summary('run the web server')
    .description('Run the gateway with its HTTP door only.');
  door(line, 'run-grpc', 'grpc', '50051').summary('run the gRPC server').description('Run the gateway with its gRPC door only.');
  line.root
    .command('schedule')
    .summary('run the scheduler')
    .description('Run a scheduler in the foreground: the same as `run scheduler`. Any number may run at once.')
    .action(line.action(() => load('scheduler')));
  line.root
    .command('standalone')
    .summary('run everything in one process, stores included')
    .description(
      'Run all services in one process, with an embedded Postgres and a NATS server. Its options are its own: `orderlines standalone --help`.',
    )
    .argument('[options...]')
    .usage('[options]')
    .helpOption(false)
    .allowUnknownOption()
    .action(line.action((_invocation, options: string[]) => load('standalone', options)));
};

/** One door of the gateway; `-h` is its host, as it was in the original, so help is `--help` only. */
const door = (line: CommandLine, name: string, kind: 'http' | 'grpc', port: string): Command =>
  line.root
    .command(name)
    .helpOption('--help', 'display help for command')
    .option('-h, --host <host>', 'address to listen on (default: ORDERLINES_HOST, else 127.0.0.1)')
    .option(
      '-p, --port <port>',
      `port to listen on (default: ${kind === 'http' ? 'ORDERLINES_PORT' : 'ORDERLINES_GRPC_PORT'}, else ${port})`,
      readPort,
    )
    .action(line.action((_invocation, options: DoorOptions) => runDoor(kind, options)));

const runDoor = (kind: 'http' | 'grpc', { host, port }: DoorOptions): Promise<void> => {
  process.env['ORDERLINES_DOORS'] = kind;
  if (host !== undefined) process.env['ORDERLINES_HOST'] = host;
  if (port !== undefined) process.env[kind === 'http' ? 'ORDERLINES_PORT' : 'ORDERLINES_GRPC_PORT'] = String(port);
  return load('api-gateway');
};

/** Starts a built program as if it had been named on Node's command line; it owns the process from here on. */
const load = async (app: Service | 'standalone', argv: readonly string[] = []): Promise<void> => {
  const main = new URL(`../${app}/main.js`, import.meta.url);
  if (!existsSync(main)) throw refused(`${app} is not built`, `run \`npm start\`, or \`node tools/build-service.mjs ${app}\``);
  process.setSourceMapsEnabled(true);
  process.argv = [process.argv[0] ?? process.execPath, fileURLToPath(main), ...argv];
  await import(main.href);
};

const readPort = (given: string): number => {
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
};

import { createLogger, describeError } from '@orderlines/service-host';
import { readOptions, USAGE, type StandaloneOptions } from './options.js';
import { runSample } from './sample.js';
import { startStandalone, type Standalone } from './standalone.js';
import { Terminal } from './terminal.js';

const terminal = new Terminal();

/** Runs until a signal comes, a store breaks, or (with --once) the sample has ended; returns the exit code. */
async function run(options: StandaloneOptions): Promise<number> {
  const since = performance.now();
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(130);
      terminal.line('\nstopping … (again to end at once)');
      stopping.abort();
    });
  }
  const standalone = await startStandalone(options, terminal, createLogger('standalone', options.logLevel));
  // With stores only there is nothing else that would keep this process: the servers do not.
  const alive = setInterval(() => undefined, 60_000);
  try {
    return await serve(options, standalone, stopping.signal, since);
  } finally {
    clearInterval(alive);
    await standalone.close();
  }
}

async function serve(options: StandaloneOptions, standalone: Standalone, stopping: AbortSignal, since: number): Promise<number> {
  const stopped = new Promise<number>((resolve) => stopping.addEventListener('abort', () => resolve(0), { once: true }));
  if (stopping.aborted) return 0;
  let closing = false;
  const broken = standalone.stores.broken.then((what) => {
    if (closing || stopping.aborted) return 0;
    terminal.line(`✗ ${what}`);
    return 1;
  });
  const ended = await Promise.race([broken, live(options, standalone, stopping, stopped, since)]);
  closing = true;
  return ended;
}

async function live(
  options: StandaloneOptions,
  standalone: Standalone,
  stopping: AbortSignal,
  stopped: Promise<number>,
  since: number,
): Promise<number> {
  showPassword(standalone);
  if (options.storesOnly) {
    announceStores(standalone);
    return stopped;
  }
  if (options.sample) {
    const code = await runSample(standalone.url ?? '', await standalone.issueToken(), stopping);
    if (options.once) return code;
    if (code !== 0 && !stopping.aborted) terminal.line(`✗ the sample process ended with exit code ${code}`);
  }
  if (!stopping.aborted) announce(options, standalone, since);
  return stopped;
}

function showPassword({ generatedPassword }: Standalone): void {
  if (generatedPassword) terminal.line(`\nadministrator: admin   password: ${generatedPassword}   (shown once)\n`);
}

function announce(options: StandaloneOptions, { url }: Standalone, since: number): void {
  terminal.line(`
orderlines is ready at ${url} (${((performance.now() - since) / 1000).toFixed(1)} s)
  API            ${url}/api/docs
  gRPC           ${options.host}:${options.grpcPort}
  command line   npx orderlines login -u admin
                 npx orderlines get instances
Ctrl-C stops it.`);
}

function announceStores({ stores }: Standalone): void {
  terminal.line(`
the stores are ready; start the services with
  export ORDERLINES_DATABASE_URL='${stores.databaseUrl}'
  export ORDERLINES_NATS_URL='${stores.nats.platform}'
  npx orderlines run api-gateway | executor | worker
Ctrl-C stops them.`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) process.exitCode = await run(options);
  else terminal.line(USAGE);
} catch (error) {
  console.error(`✗ ${describeError(error)}`);
  process.exitCode = error instanceof Error && 'status' in error && error.status === 400 ? 2 : 1;
}
// Whatever a service forgot to close must not keep a stopped standalone alive.
process.exit();

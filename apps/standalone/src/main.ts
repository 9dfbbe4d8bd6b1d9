import { createLogger, describeError, relieveMemoryAtRest } from '@orderlines/service-host';
import { readOptions, USAGE, type StandaloneOptions } from './options.js';
import { runSample } from './sample.js';
import { startStandalone, type Standalone } from './standalone.js';
import { Terminal } from './terminal.js';

const terminal = new Terminal();

/** Runs until a signal comes, a store breaks, or (with --once) the sample has ended; returns the exit code. */
async function run(options: StandaloneOptions): Promise<number> {
  const since = performance.now();
  const stopping = abortedBySignals();
  const standalone = await startStandalone(options, terminal, createLogger('standalone', options.logLevel));
  // With stores only there is nothing else that would keep this process: the servers do not.
  const alive = setInterval(() => undefined, 60_000);
  try {
    const end = await Promise.race([serve(options, standalone, stopping, since), standalone.stores.broken]);
    if (typeof end === 'number') return end;
    terminal.line(`✗ ${end}`);
    return 1;
  } finally {
    clearInterval(alive);
    await standalone.close();
  }
}

/** The first signal stops everything in order, the second ends the process at once. */
function abortedBySignals(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(130);
      terminal.line('\nstopping … (again to end at once)');
      stopping.abort();
    });
  }
  return stopping.signal;
}

async function serve(options: StandaloneOptions, standalone: Standalone, stopping: AbortSignal, since: number): Promise<number> {
  const stopped = new Promise<number>((resolve) => {
    if (stopping.aborted) resolve(0);
    stopping.addEventListener('abort', () => resolve(0), { once: true });
  });
  showPassword(standalone);
  if (standalone.url === undefined) {
    announceStores(standalone);
    return stopped;
  }
  if (options.sample) {
    const sample = runSample(standalone.url, await standalone.issueToken(), stopping);
    const code = await Promise.race([sample, stopped]);
    if (options.once || stopping.aborted) return code;
    if (code !== 0) terminal.line(`✗ the sample process ended with exit code ${code}`);
  }
  announce(standalone, since);
  return stopped;
}

function showPassword({ generatedPassword }: Standalone): void {
  if (generatedPassword) terminal.line(`\nadministrator: admin   password: ${generatedPassword}   (shown once)\n`);
}

function announce({ url, grpcAddress }: Standalone, since: number): void {
  terminal.line(`
orderlines is ready at ${url} (${((performance.now() - since) / 1000).toFixed(1)} s)
  console        ${url}
  API            ${url}/api/docs
  gRPC           ${grpcAddress}
  command line   npx orderlines login -u admin
                 npx orderlines get instances
Ctrl-C stops it.`);
}

function announceStores({ stores, internalToken }: Standalone): void {
  terminal.line(`
the stores are ready; start the services with
  export ORDERLINES_DATABASE_URL='${stores.databaseUrl}'
  export ORDERLINES_NATS_URL='${stores.nats.platform}'
  export ORDERLINES_INTERNAL_TOKEN='${internalToken}'
  npx orderlines run api-gateway | executor | scheduler | worker
Ctrl-C stops them.`);
}

relieveMemoryAtRest();
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

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InstanceStarted } from '@orderlines/contracts';

/** Where the sample process and the `orderlines` command are, seen from the bundle in dist/apps/standalone. */
const ROOT = new URL('../../../', import.meta.url);
const DEFINITION = fileURLToPath(new URL('examples/release.yaml', ROOT));
const SHOP = fileURLToPath(new URL('examples/shop', ROOT));
const COMMAND = fileURLToPath(new URL('dist/apps/cli/main.js', ROOT));

/** Imports the sample process and runs it as a user would: by the `orderlines` command. Returns the exit code of the run. */
export async function runSample(server: string, token: string, signal: AbortSignal): Promise<number> {
  const orderlines = (...args: string[]) => runCommand(args, { ORDERLINES_URL: server, ORDERLINES_TOKEN: token }, signal);
  const built = await orderlines('build-process-by-yaml', '-f', DEFINITION);
  if (built.code !== 0) return built.code;
  const started = await orderlines('start-process', '-p_id', 'default/release-shop', '--param', `source=${SHOP}`, '--output', 'json');
  if (started.code !== 0) return started.code;
  const { id, number } = InstanceStarted.parse(JSON.parse(started.output));
  process.stdout.write(`\nthe sample process default/release-shop, run ${number} (${id}):\n`);
  // What the tasks write appears between the lines that say how the run goes on.
  const logs = orderlines('logs', '--follow', id);
  const watched = await orderlines('watch', id);
  await logs;
  return watched.code;
}

const runCommand = (args: readonly string[], environment: Record<string, string>, signal: AbortSignal) =>
  new Promise<{ code: number; output: string }>((resolve, reject) => {
    const shown = args[0] === 'logs' || args[0] === 'watch';
    const child = spawn(process.execPath, [COMMAND, ...args], {
      stdio: ['ignore', shown ? 'inherit' : 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
      signal,
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', (error) => (error.name === 'AbortError' ? resolve({ code: 130, output }) : reject(error)));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });

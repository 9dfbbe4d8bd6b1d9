import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Where the sample process and the `orderlines` command are, seen from the bundle in dist/apps/standalone. */
const ROOT = new URL('../../../', import.meta.url);
const DEFINITION = fileURLToPath(new URL('examples/release.yaml', ROOT));
const SHOP = fileURLToPath(new URL('examples/shop', ROOT));
const COMMAND = fileURLToPath(new URL('dist/apps/cli/main.js', ROOT));

/** Imports the sample process and runs it as a user would: by the `orderlines` command. Returns the exit code of the run. */
export async function runSample(server: string, token: string, signal: AbortSignal): Promise<number> {
  const orderlines = (...args: string[]) => runCommand(args, { ORDERLINES_URL: server, ORDERLINES_TOKEN: token }, signal);
  const built = await orderlines('build-process-by-yaml', '-f', DEFINITION);
  if (built !== 0) return built;
  return orderlines('start-process', '-p_id', 'default/release-shop', '--param', `source=${SHOP}`, '--wait', '--logs');
}

const runCommand = (args: readonly string[], environment: Record<string, string>, signal: AbortSignal): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [COMMAND, ...args], { stdio: 'inherit', env: { ...process.env, ...environment }, signal });
    child.once('error', (error) => (error.name === 'AbortError' ? resolve(130) : reject(error)));
    child.once('exit', (code) => resolve(code ?? 1));
  });

// The npm packages of the lock file, Node 24 among them; quick when they are already there.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { SetupError, runStep } from './progress.mjs';

const MARK = 'node_modules/.orderlines-installed';
/** The Node that runs everything but this set-up: it comes with the packages. */
export const NODE = 'node_modules/node/bin/node';

const wanted = () =>
  createHash('sha256').update(readFileSync('package-lock.json')).update(`${process.platform} ${process.arch}`).digest('hex');

/** Installs the packages when the lock file has changed since the last time. */
export async function ensurePackages() {
  const digest = wanted();
  if (existsSync(MARK) && existsSync(NODE) && readFileSync(MARK, 'utf8') === digest) return;
  await runStep('installing npm packages (a minute or two, the first time only)', 'npm', [
    'ci',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  const version = spawnSync(NODE, ['--version'], { encoding: 'utf8' }).stdout?.trim();
  if (!version?.startsWith('v24.')) {
    throw new SetupError(
      `the npm package "node" did not bring Node 24 for ${process.platform}-${process.arch} (found: ${version || 'nothing'}).\n` +
        'Its install script must be allowed to run: check `npm config get ignore-scripts`, remove node_modules and try again.',
    );
  }
  writeFileSync(MARK, digest);
}

// What `npm start` and `npm test` do first: everything a bare clone lacks, with visible progress, quickly when nothing is missing.
import { delimiter, resolve } from 'node:path';
import { NODE, ensurePackages } from './setup/packages.mjs';
import { ensureNatsServer } from './setup/nats-server.mjs';
import { SetupError } from './setup/progress.mjs';
import { installBySystem, onPath, packageManager } from './setup/system-programs.mjs';

/** Packages, Node 24 and servers; returns the environment in which everything else is run. */
export async function setUp() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new SetupError(`Node 20 or newer is needed to start; this is ${process.version}. See https://nodejs.org`);
  await ensurePackages();
  await ensureNatsServer();
  return {
    ...process.env,
    NX_DAEMON: 'false',
    PATH: [resolve('node_modules/.bin'), resolve('node_modules/.orderlines-nats'), process.env.PATH, '/usr/sbin'].join(delimiter),
  };
}

/** A program that the sample process or tests use, in the package of its name; false when it is missing and cannot be installed. */
export async function ensureProgram(name) {
  if (onPath(name)) return true;
  if (!packageManager()) return false;
  await installBySystem(name);
  return onPath(name);
}

/** Runs `main`, shows expected errors without a stack, and ends with its exit code. */
export async function runTool(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof SetupError ? `\n✗ ${error.message}` : error);
    process.exitCode = 1;
  }
}

/** The Node of the workspace. */
export const workspaceNode = resolve(NODE);

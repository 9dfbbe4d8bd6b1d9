// What `npm start` and `npm test` do first: everything a bare clone lacks, with visible progress, quickly when nothing is missing.
import { delimiter, resolve } from 'node:path';
import { NODE, ensurePackages } from './setup/packages.mjs';
import { ensureNatsServer } from './setup/nats-server.mjs';
import { SetupError } from './setup/progress.mjs';
import { installProgram, onPath } from './setup/system-programs.mjs';
import { PROGRAMS } from './setup/unpacked-packages.mjs';

/**
 * Packages, Node 24 and servers; returns the environment in which everything else is run. With `ownNats` a server that
 * somebody else runs does not do: tests start, kill and wipe theirs.
 */
export async function setUp({ ownNats = false } = {}) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new SetupError(`Node 20 or newer is needed to start; this is ${process.version}. See https://nodejs.org`);
  await ensurePackages();
  await ensureNatsServer(ownNats ? undefined : process.env.ORDERLINES_NATS_URL);
  return {
    ...process.env,
    NX_DAEMON: 'false',
    PATH: [resolve('node_modules/.bin'), PROGRAMS, process.env.PATH, '/usr/sbin'].join(delimiter),
  };
}

/** A program that the sample process or tests use, in the package of its name; false when it is missing and cannot be installed. */
export async function ensureProgram(name) {
  return onPath(name) || (await installProgram(name));
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

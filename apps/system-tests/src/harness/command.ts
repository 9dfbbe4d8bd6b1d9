import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { WORKSPACE } from './workspace.js';

/** How a program ended, and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program is given beside its arguments. */
export interface Given {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly limitMs?: number;
}

/** Runs a program to its end; one that takes too long is killed, which is an error. */
export const runProgram = async (program: string, argv: readonly string[], given: Given = {}): Promise<Ended> => {
  const { environment = {}, input = '', limitMs = 120_000 } = given;
  const child = spawn(program, argv, {
    cwd: WORKSPACE,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined).end(input); // it may not want it
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === null) reject(new Error(`${program} ${argv.join(' ')} was ended by ${signal} (limit ${limitMs} ms)`));
      else resolve(code);
    });
  });
  try {
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr };
  } finally {
    clearTimeout(limit);
  }
};

/** Runs the built `orderlines` as a person would. */
export const orderlines = (argv: readonly string[], given: Given = {}): Promise<Ended> =>
  runProgram(process.execPath, [join(WORKSPACE, 'apps/cli/bin/orderlines.mjs'), ...argv], given);

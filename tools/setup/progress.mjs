// Runs a slow step so that a person sees what goes on: its title, a sign of life every ten seconds, its output when it fails.
import { spawn } from 'node:child_process';

/** An expected failure: the message says what to do, no stack is shown. */
export class SetupError extends Error {}

const seconds = (since) => `${Math.round((performance.now() - since) / 1000)} s`;

/** Runs a command; resolves with its standard output, throws {@link SetupError} with the last lines when it fails. */
export function runStep(title, command, args, options = {}) {
  const since = performance.now();
  console.log(`• ${title} …`);
  const alive = setInterval(() => console.log(`  still at it (${seconds(since)})`), 10_000);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const output = [];
    const errors = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => errors.push(chunk));
    child.once('error', (error) => finish(1, error.message));
    child.once('close', (code) => finish(code ?? 1));
    function finish(code, extra = '') {
      clearInterval(alive);
      if (code === 0) return resolve(Buffer.concat(output).toString());
      const tail = (Buffer.concat([...output, ...errors]).toString() + extra).trim().split('\n').slice(-25).join('\n');
      reject(new SetupError(`${title} failed (exit code ${code}):\n${tail}`));
    }
  });
}

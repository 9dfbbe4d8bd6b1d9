// node tools/start.js <release folder> <state folder>: starts a release in the background and waits until it listens.
// Started again it first stops what an earlier call started, so the step can be repeated.
import { spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stop } from './stop.js';

const [release, state] = process.argv.slice(2);
await stop(state);
const output = `${state}/port`;
writeFileSync(output, '');
const log = openSync(output, 'w');
const server = spawn(process.execPath, ['src/server.js'], {
  cwd: release,
  detached: true,
  stdio: ['ignore', log, log],
  // Without ORDERLINES_COMMAND, by which a worker knows what has to end with its task.
  env: { PATH: process.env.PATH },
});
writeFileSync(`${state}/pid`, String(server.pid));
server.unref();
for (let tries = 0; tries < 100; tries += 1) {
  const said = readFileSync(output, 'utf8').trim();
  if (/^\d+$/.test(said)) {
    console.log(said);
    process.exit(0);
  }
  await sleep(100);
}
console.error(`the shop did not start: ${readFileSync(output, 'utf8')}`);
process.exit(1);

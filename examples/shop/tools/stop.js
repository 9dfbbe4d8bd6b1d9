// node tools/stop.js <state folder>: stops the shop that start.js started; nothing happens when there is none.
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Stops the shop recorded in a state folder. */
export async function stop(state) {
  let pid;
  try {
    pid = Number(readFileSync(`${state}/pid`, 'utf8'));
  } catch {
    return;
  }
  if (alive(pid)) process.kill(pid, 'SIGTERM');
  for (let tries = 0; tries < 20 && alive(pid); tries += 1) await sleep(50);
  if (alive(pid)) process.kill(pid, 'SIGKILL');
  rmSync(`${state}/pid`, { force: true });
}

if (import.meta.filename === process.argv[1]) await stop(process.argv[2]);

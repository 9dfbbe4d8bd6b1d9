// Programs that come from the system: found on the path, else installed by its package manager where that is possible.
import { spawnSync } from 'node:child_process';
import { runStep } from './progress.mjs';
import { PROGRAMS, unpackFromDebian } from './unpacked-packages.mjs';

/** True when the program can be started from the path (sbin folders included: Debian puts servers there). */
export const onPath = (program) =>
  spawnSync('sh', ['-c', `PATH="${PROGRAMS}:$PATH:/usr/sbin:/sbin:/usr/local/sbin" command -v ${program}`]).status === 0;

/** `apt-get`, `brew`, or undefined: what this user may install with. */
export function packageManager() {
  if (process.platform === 'darwin') return onPath('brew') ? 'brew' : undefined;
  return onPath('apt-get') && process.getuid?.() === 0 ? 'apt-get' : undefined;
}

/** Makes a program available whose package has the same name; false when this system has no way, throws when its way fails. */
export async function installProgram(program) {
  if (packageManager()) await installBySystem(program);
  else if (onPath('apt-get') && onPath('dpkg-deb')) await unpackFromDebian(program);
  else return false;
  return onPath(program);
}

/** Installs packages by the system's package manager; throws when it cannot. */
export async function installBySystem(...packages) {
  const names = packages.join(', ');
  if (packageManager() === 'brew') {
    await runStep(`installing ${names} with brew`, 'brew', ['install', '--quiet', ...packages]);
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runStep('reading the package lists of apt-get', 'apt-get', ['update', '-qq'], { env });
  await runStep(`installing ${names} with apt-get`, 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
}

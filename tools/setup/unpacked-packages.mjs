// Debian packages for a user who may not install them: downloaded by apt-get, which checks their signatures, and unpacked
// into node_modules, where only this workspace finds them.
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { SetupError, runStep } from './progress.mjs';

const HOME = resolve('node_modules/.orderlines-programs');
/** Where programs are found that only this workspace has. */
export const PROGRAMS = join(HOME, 'bin');

const FOLDERS = ['usr/bin', 'usr/sbin', 'bin'];
/** Programs that look for their own parts at fixed places, by the variables that tell them others. */
const PLACES = { git: { GIT_EXEC_PATH: 'usr/lib/git-core', GIT_TEMPLATE_DIR: 'usr/share/git-core/templates' } };

/** Unpacks the package of a program with what it depends on, and makes the program callable; throws when that cannot be. */
export async function unpackFromDebian(program) {
  const [tree, archives] = ['tree', 'archives'].map((name) => join(HOME, name));
  for (const folder of [PROGRAMS, tree, archives, join(HOME, 'lists/partial')]) mkdirSync(folder, { recursive: true });
  const own = ['-o', `Dir::State::lists=${HOME}/lists`, '-o', `Dir::Cache=${HOME}`, '-o', 'Debug::NoLocking=1', '-qq'];
  await runStep('reading the package lists of apt-get', 'apt-get', [...own, 'update']);
  const wanted = ['install', '--print-uris', '--no-install-recommends', program];
  const listed = await runStep(`looking up what ${program} needs`, 'apt-get', [...own, ...wanted]);
  const names = [...listed.matchAll(/^'[^']+' ([^_\s]+)_\S+\.deb /gm)].map(([, name]) => name);
  if (!names.length) throw new SetupError(`apt-get names no package to download for ${program}`);
  await runStep(`downloading ${names.join(', ')}`, 'apt-get', [...own, 'download', ...names], { cwd: archives });
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    await runStep(`unpacking ${file}`, 'dpkg-deb', ['-x', join(archives, file), tree]);
  }
  rmSync(archives, { recursive: true });
  makeCallable(program, tree);
}

function makeCallable(program, tree) {
  const found = FOLDERS.map((folder) => join(tree, folder, program)).find(existsSync);
  if (!found) throw new SetupError(`the package ${program} holds no program of that name`);
  const libraries = [join(tree, 'usr/lib'), join(tree, 'lib')]
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((folder) => folder.endsWith('-linux-gnu'));
  const variables = Object.entries(PLACES[program] ?? {}).map(([name, place]) => `${name}='${join(tree, place)}'`);
  if (libraries.length) variables.push(`LD_LIBRARY_PATH='${libraries.join(delimiter)}'`);
  const target = join(PROGRAMS, program);
  writeFileSync(target, `#!/bin/sh\n${variables.join(' ')} exec '${found}' "$@"\n`);
  chmodSync(target, 0o755);
}

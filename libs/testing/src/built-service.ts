import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** Entries of a service in a folder of their own. */
export interface BuiltService {
  readonly folder: string;
  /** Where the built entry of this name is. */
  entry(name: string): URL;
  remove(): void;
}

/** Builds a service, or only the named entries of it: threads and child processes need files that Node can run. */
export const buildService = (app: string, ...entries: readonly string[]): BuiltService => {
  // Inside the repository, whose packages the bundles import.
  mkdirSync(join(REPOSITORY, 'tmp'), { recursive: true });
  const folder = mkdtempSync(join(REPOSITORY, 'tmp', `${app}-`));
  const built = spawnSync(process.execPath, ['tools/build-service.mjs', app, folder, ...entries], { cwd: REPOSITORY, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`${app} could not be built: ${built.stderr}`);
  return {
    folder,
    entry: (name) => pathToFileURL(join(folder, `${name}.js`)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

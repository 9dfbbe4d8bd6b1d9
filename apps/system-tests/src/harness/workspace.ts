import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Root of the workspace, found from this file upwards (it runs from the sources and from a bundle). */
export const WORKSPACE = rootFrom(import.meta.dirname);

function rootFrom(folder: string): string {
  if (existsSync(join(folder, 'nx.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`no nx.json above ${import.meta.dirname}`);
  return rootFrom(parent);
}

/** The built program of an app; says how to build it when it is missing. */
export const builtProgram = (app: string): string => {
  const program = join(WORKSPACE, 'dist/apps', app, 'main.js');
  if (existsSync(program)) return program;
  throw new Error(`${app} is not built: run \`npm run build\`, or \`node tools/build-service.mjs ${app}\``);
};

// node libs/task-library/tools/write-catalogue.mjs: writes the manifests of the standard tasks into libs/contracts, for whoever checks
// definitions without a worker. A test of task-library fails while they differ.
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const bundle = `${root}tmp/task-library-${process.pid}.mjs`;
const target = `${root}libs/contracts/src/standard-task-types.ts`;

await build({
  entryPoints: [`${root}libs/task-library/src/index.ts`],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
  tsconfig: `${root}tsconfig.base.json`,
  packages: 'external',
  alias: { '@orderlines/contracts': `${root}libs/contracts/src/index.ts`, '@orderlines/plugin-sdk': `${root}libs/plugin-sdk/src/index.ts` },
});
try {
  const { taskTypeCatalogue } = await import(pathToFileURL(bundle).href);
  const source = `import type { TaskTypeManifest } from './plugin-manifest.js';

/** Manifests of the task types every worker has; written by \`node libs/task-library/tools/write-catalogue.mjs\`. */
export const standardTaskTypes: readonly TaskTypeManifest[] = ${JSON.stringify(taskTypeCatalogue(), null, 2)};
`;
  await writeFile(target, await format(source, { ...(await resolveConfig(target)), parser: 'typescript' }));
} finally {
  await rm(bundle, { force: true });
}

// node tools/build-service.mjs <app> [folder] [entry...]: bundles a service's own code into dist/apps/<app> (or the folder); npm packages stay
// outside. Every file apps/<app>/src/*.entry.ts and main.ts is an entry point (threads and child processes need files of their own); with
// entries named, only those are built.
import { build } from 'esbuild';
import { existsSync, globSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { swcDecorators } from './swc-decorators.mjs';

const [app, outdir = `dist/apps/${app}`, ...only] = process.argv.slice(2);
if (!app || !existsSync(`apps/${app}/src`)) {
  console.error('usage: node tools/build-service.mjs <app> [folder] [entry...]');
  process.exit(2);
}
const entries = globSync(`apps/${app}/src/**/{main,*.entry}.ts`)
  .map((file) => [basename(file, '.ts').replace(/\.entry$/, ''), file])
  .filter(([name]) => only.length === 0 || only.includes(name));
// Built aside: what is there stays whole until there is something to put in its place.
const fresh = `${outdir}.new-${process.pid}`;
const old = `${outdir}.old-${process.pid}`;
try {
  await build({
    entryPoints: Object.fromEntries(entries),
    outdir: fresh,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    splitting: true,
    sourcemap: true,
    keepNames: true,
    logLevel: 'warning',
    tsconfig: 'tsconfig.base.json',
    plugins: [
      swcDecorators(),
      {
        name: 'externals',
        setup(builder) {
          builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@orderlines/') ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  await writeFile(`${fresh}/package.json`, JSON.stringify({ type: 'module' }));
  await mkdir(dirname(outdir), { recursive: true });
  if (existsSync(outdir)) await rename(outdir, old);
  await rename(fresh, outdir);
} finally {
  await Promise.all([fresh, old].map((folder) => rm(folder, { recursive: true, force: true })));
}

// node tools/build-service.mjs <app> [folder]: bundles a service's own code into dist/apps/<app> (or the folder); npm packages stay outside.
// Every file apps/<app>/src/*.entry.ts and main.ts is an entry point (threads and child processes need files of their own).
import { build } from 'esbuild';
import { existsSync, globSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { swcDecorators } from './swc-decorators.mjs';

const [app, outdir = `dist/apps/${app}`] = process.argv.slice(2);
if (!app || !existsSync(`apps/${app}/src`)) {
  console.error('usage: node tools/build-service.mjs <app>');
  process.exit(2);
}
const entries = globSync(`apps/${app}/src/**/{main,*.entry}.ts`);
await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: Object.fromEntries(entries.map((file) => [basename(file, '.ts').replace(/\.entry$/, ''), file])),
  outdir,
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
await writeFile(`${outdir}/package.json`, JSON.stringify({ type: 'module' }));

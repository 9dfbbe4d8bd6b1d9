// npm run simulate [-- --seeds 100000 --start 1]: sets up, builds the simulator of the engine and runs it; exit code 1 when a seed breaks
// an invariant, after its story.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { runTool, setUp, workspaceNode } from './setup.mjs';

const ENTRY = 'libs/process-engine/src/run/testing/simulator/simulate.entry.ts';
const OUTFILE = 'dist/simulate/simulate.mjs';

await runTool(async () => {
  const env = await setUp();
  await build({
    entryPoints: [ENTRY],
    outfile: OUTFILE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    sourcemap: true,
    logLevel: 'warning',
    tsconfig: 'tsconfig.base.json',
    plugins: [
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
  const child = spawn(workspaceNode, ['--enable-source-maps', OUTFILE, ...process.argv.slice(2)], { stdio: 'inherit', env });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
});

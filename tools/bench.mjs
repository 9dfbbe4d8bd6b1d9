// npm run bench [-- chain latency --json]: sets up, builds, and measures; exit code 1 when a bar is missed.
import { spawn } from 'node:child_process';
import { runStep } from './setup/progress.mjs';
import { runTool, setUp, workspaceNode } from './setup.mjs';

const BUILT = 'api-gateway,executor,scheduler,worker,standalone,cli,system-tests';

await runTool(async () => {
  const env = await setUp();
  await runStep('building', 'nx', ['run-many', '-t', 'build', '-p', BUILT], { env });
  const argv = ['--enable-source-maps', 'dist/apps/system-tests/bench.js', ...process.argv.slice(2)];
  const child = spawn(workspaceNode, argv, { stdio: 'inherit', env });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
});

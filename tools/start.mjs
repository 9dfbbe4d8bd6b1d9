// npm start [-- --once --port N --grpc-port N --data-dir D --no-sample]: sets up, builds, and runs orderlines in one process.
import { spawn } from 'node:child_process';
import { SetupError, runStep } from './setup/progress.mjs';
import { ensureProgram, runTool, setUp, workspaceNode } from './setup.mjs';

const SERVICES = 'standalone,cli,api-gateway,executor,scheduler,worker,console';

/** Runs a program in the foreground; signals go to it, and its exit code is ours. */
function foreground(command, args, env) {
  const child = spawn(command, args, { stdio: 'inherit', env });
  // A terminal sends Ctrl-C to the whole group: the child ends by itself, and we wait for it.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`✗ ${command} could not be started: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)));
  });
}

await runTool(async () => {
  const args = process.argv.slice(2);
  const env = await setUp();
  if (!args.includes('--no-sample') && !(await ensureProgram('git'))) {
    if (args.includes('--once')) throw new SetupError('the sample process needs git: install it, e.g. "sudo apt-get install git"');
    console.log('• git is not installed, so the sample process is left out (install git to see it)');
    args.push('--no-sample');
  }
  await runStep('building', 'nx', ['run-many', '-t', 'build', '-p', SERVICES], { env });
  return foreground(workspaceNode, ['dist/apps/standalone/main.js', ...args], env);
});

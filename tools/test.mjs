// npm test [-- --coverage] [project …]: sets up, then runs unit and integration tests of all projects, or of those named.
import { spawn } from 'node:child_process';
import { SetupError } from './setup/progress.mjs';
import { ensureProgram, runTool, setUp } from './setup.mjs';

await runTool(async () => {
  const args = process.argv.slice(2);
  const env = await setUp({ ownNats: true });
  for (const program of ['git', 'python3']) {
    if (!(await ensureProgram(program))) throw new SetupError(`the tests need ${program}: install it and start again`);
  }
  const projects = args.filter((argument) => !argument.startsWith('-'));
  const nx = ['run-many', '-t', 'test', '--parallel=1', '--output-style=static', '--nxBail=false'];
  if (projects.length) nx.push('-p', projects.join(','));
  if (args.includes('--coverage')) nx.push('--coverage');
  const child = spawn('nx', nx, { stdio: 'inherit', env });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
});

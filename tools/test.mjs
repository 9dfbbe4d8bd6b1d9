// npm test [-- --coverage] [project …]: sets up, then runs unit and integration tests of all projects, or of those named.
import { spawn } from 'node:child_process';
import { ensureProgram, runTool, setUp } from './setup.mjs';

await runTool(async () => {
  const args = process.argv.slice(2);
  const env = await setUp();
  await ensureProgram('git');
  await ensureProgram('python3');
  const projects = args.filter((argument) => !argument.startsWith('-'));
  const nx = ['run-many', '-t', 'test', '--parallel=1', '--output-style=static', '--nxBail=false'];
  if (projects.length) nx.push('-p', projects.join(','));
  if (args.includes('--coverage')) nx.push('--coverage');
  const child = spawn('nx', nx, { stdio: 'inherit', env });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
});

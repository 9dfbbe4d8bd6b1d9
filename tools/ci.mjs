// What `.ci/run` does, step by step; goes on after a failed check so that one run shows all, and fails if any did.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { installBySystem, onPath, packageManager } from './setup/system-programs.mjs';
import { runTool, setUp } from './setup.mjs';

/** Debian packages that the tests need, by a program or file that tells whether they are there. */
const SYSTEM = [
  ['git', () => onPath('git')],
  ['nats-server', () => onPath('nats-server')],
  ['protobuf-compiler', () => onPath('protoc')],
  ['protobuf-compiler-grpc', () => onPath('grpc_python_plugin')],
  ['chromium', () => existsSync('/usr/bin/chromium')],
  ['fontconfig', () => onPath('fc-list')],
  [
    'fonts-noto-cjk',
    () => onPath('fc-list') && spawnSync('fc-list', [':charset=6d41', 'family'], { encoding: 'utf8' }).stdout.trim() !== '',
  ],
  ['python3-grpcio', () => spawnSync('/usr/bin/python3', ['-c', 'import grpc, google.protobuf']).status === 0],
];

const STEPS = [
  ['commit messages', ['node', 'tools/commit-messages.mjs']],
  ['format', ['prettier', '--check', '.']],
  ['lint', ['nx', 'run-many', '-t', 'lint', '--output-style=static']],
  ['typecheck', ['nx', 'run-many', '-t', 'typecheck', '--output-style=static']],
  ['proto and generated code', ['node', 'tools/generate-rpc.mjs', '--check']],
  ['proto keeps its promises', ['node', 'tools/generate-rpc.mjs', '--breaking', 'HEAD~1']],
  ['build', ['nx', 'run-many', '-t', 'build', '--output-style=static']],
  ['npm test', ['npm', 'test']],
  ['npm run e2e', ['npm', 'run', 'e2e']],
];

const clock = (since) => `${Math.round((Date.now() - since) / 1000)} s`;

/** Adds up what the test runs wrote about themselves. */
function countTests() {
  const total = { passed: 0, failed: 0 };
  for (const file of readdirSync('tmp/test-results')) {
    const { passed, failed } = JSON.parse(readFileSync(`tmp/test-results/${file}`, 'utf8'));
    total.passed += passed;
    total.failed += failed;
  }
  return total;
}

await runTool(async () => {
  rmSync('tmp/test-results', { recursive: true, force: true });
  const missing = SYSTEM.filter(([, isThere]) => !isThere()).map(([name]) => name);
  if (missing.length && packageManager() === 'apt-get') await installBySystem(...missing);
  const env = await setUp({ ownNats: true });
  const failures = [];
  for (const [title, [command, ...args]] of STEPS) {
    const since = Date.now();
    console.log(`\n=== ${title}`);
    const { status } = spawnSync(command, args, { stdio: 'inherit', env });
    console.log(`=== ${title}: ${status === 0 ? 'passed' : 'FAILED'} (${clock(since)})`);
    if (status !== 0) failures.push(title);
  }
  const { passed, failed } = countTests();
  if (failures.length) console.log(`failed: ${failures.join(', ')}`);
  console.log(`tests: ${passed} passed, ${failed} failed`);
  return failures.length || failed || !passed ? 1 : 0;
});

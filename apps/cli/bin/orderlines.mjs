#!/usr/bin/env node
// Starts the built command line with the workspace's own Node, whatever Node found this file.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const REQUIRED_MAJOR = 24;
const workspace = new URL('../../../', import.meta.url);
const program = new URL('dist/apps/cli/main.js', workspace);

const refuse = (message) => {
  process.stderr.write(`orderlines: ${message}\n`);
  process.exit(2);
};

/** Hands over to the workspace's Node; ends as it ends. */
const handOver = (node) => {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal sends Ctrl-C to the child by itself; a second one would look like impatience.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('error', (error) => refuse(`cannot start ${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
};

if (Number.parseInt(process.versions.node, 10) < REQUIRED_MAJOR) {
  const node = fileURLToPath(new URL('node_modules/node/bin/node', workspace));
  if (existsSync(node)) handOver(node);
  else
    refuse(
      `needs Node ${REQUIRED_MAJOR} (this is ${process.versions.node}); run \`npm install\` in ${fileURLToPath(workspace)}, which brings it`,
    );
} else if (existsSync(program)) {
  await import(program.href);
} else {
  refuse(`is not built yet; run \`npm start\` (or \`node tools/build-service.mjs cli\`) in ${fileURLToPath(workspace)}`);
}

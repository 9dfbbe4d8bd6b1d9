// node tools/generate-rpc.mjs [--check]: makes libs/rpc/src/gen from proto/; with --check it lints and fails when the two differ.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GENERATED = 'libs/rpc/src/gen';
const buf = (...args) => execFileSync('buf', args, { stdio: 'inherit' });

if (!process.argv.includes('--check')) {
  buf('lint');
  buf('generate');
} else {
  buf('lint');
  const before = mkdtempSync(join(tmpdir(), 'orderlines-rpc-'));
  try {
    cpSync(GENERATED, before, { recursive: true });
    buf('generate');
    execFileSync('diff', ['-r', before, GENERATED], { stdio: 'inherit' });
  } catch {
    console.error(`${GENERATED} is not what proto/ says: run "npm run generate" and commit the result`);
    process.exitCode = 1;
  } finally {
    rmSync(before, { recursive: true, force: true });
  }
}

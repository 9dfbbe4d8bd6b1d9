// The shop's linter: syntax of every file, and a few rules of the house. Exit code 1 when something is found.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const rules = [
  [/\bvar\s/, 'use const or let instead of var'],
  [/\bdebugger\b/, 'remove the debugger statement'],
  [/[ \t]+$/, 'remove the white space at the end'],
  [/\t/, 'indent with blanks'],
];
const files = ['src', 'test', 'tools'].flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
const found = [];
for (const file of files) {
  const check = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
  if (check.status !== 0) found.push(`${file}: ${check.stderr.split('\n').find((line) => line.includes('Error')) ?? 'broken syntax'}`);
  if (file === 'tools/lint.js') continue;
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((line, index) => {
      for (const [pattern, advice] of rules) if (pattern.test(line)) found.push(`${file}:${index + 1}: ${advice}`);
    });
}
for (const line of found) console.error(line);
console.log(`${files.length} files checked, ${found.length} findings`);
process.exitCode = found.length ? 1 : 0;

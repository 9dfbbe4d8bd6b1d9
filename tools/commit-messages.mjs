// node tools/commit-messages.mjs [n]: the last n commits (default 50) must be conventional commits.
import { execFileSync } from 'node:child_process';

const FORM = /^(build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test)(\([\w./,-]+\))?!?: \S.{0,120}$/;
const count = process.argv[2] ?? '50';
const subjects = execFileSync('git', ['log', '--no-merges', `-${count}`, '--format=%h %s'], { encoding: 'utf8' })
  .trim()
  .split('\n');
const wrong = subjects.filter((subject) => !FORM.test(subject.replace(/^\w+ /, '')));
for (const subject of wrong) console.error(`not a conventional commit ("feat(scope): what it does"): ${subject}`);
process.exitCode = wrong.length ? 1 : 0;

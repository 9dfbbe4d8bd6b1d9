import { execFileSync } from 'node:child_process';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { rounded } from './statistics.js';
import { WORKSPACE } from '../harness/workspace.js';

/** One line of the report. */
export interface BenchResult {
  readonly name: string;
  /** What was done, in words. */
  readonly work: string;
  readonly tasksPerSecond?: number;
  readonly seconds?: number;
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  readonly rssMb?: number;
  readonly cpuSecondsPerTask?: number;
  readonly cpuSecondsPerTaskBy?: Readonly<Record<string, number>>;
  readonly rowsPerTask?: number;
  /** Bytes of Postgres's write-ahead log. */
  readonly bytesPerTask?: number;
  /** What must be reached, e.g. `≥ 1500 tasks/s`, and whether it was. */
  readonly bar?: { readonly text: string; readonly met: boolean };
  /** Others doing the same in the same run. */
  readonly peers?: readonly BenchResult[];
}

/** Everything one run of the bench found out. */
export interface BenchReport {
  readonly machine: string;
  readonly commit: string;
  readonly results: readonly BenchResult[];
}

/** The report of results on this machine at this commit. */
export const reportOf = (results: readonly BenchResult[]): BenchReport => ({ machine: machine(), commit: commit(), results });

const COLUMNS: readonly (readonly [string, (result: BenchResult) => string | number | undefined])[] = [
  ['name', ({ name }) => name],
  ['tasks/s', ({ tasksPerSecond }) => tasksPerSecond],
  ['seconds', ({ seconds }) => seconds],
  ['p50 ms', ({ p50Ms }) => p50Ms],
  ['p95 ms', ({ p95Ms }) => p95Ms],
  ['p99 ms', ({ p99Ms }) => p99Ms],
  ['RSS MB', ({ rssMb }) => rssMb],
  ['CPU s/task', ({ cpuSecondsPerTask }) => cpuSecondsPerTask],
  ['rows/task', ({ rowsPerTask }) => rowsPerTask],
  ['bytes/task', ({ bytesPerTask }) => bytesPerTask],
  ['bar', ({ bar }) => bar && `${bar.text} ${bar.met ? 'met' : 'MISSED'}`],
];

/** The report for people. */
export const reportText = ({ machine, commit, results }: BenchReport): string => {
  const rows = results.flatMap((result) => [result, ...(result.peers ?? []).map((peer) => ({ ...peer, name: `  ${peer.name}` }))]);
  const cells = [COLUMNS.map(([heading]) => heading), ...rows.map((row) => COLUMNS.map(([, value]) => String(value(row) ?? '')))];
  const widths = COLUMNS.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  const lines = cells.map((line) =>
    line.map((cell, index) => (index ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0))).join('  '),
  );
  return [`${machine}, commit ${commit}`, '', ...lines, '', ...results.map(explained)].join('\n');
};

const explained = ({ name, work, cpuSecondsPerTaskBy = {} }: BenchResult): string => {
  const shares = Object.entries(cpuSecondsPerTaskBy).map(([process, seconds]) => `${process} ${rounded(seconds * 1_000)}`);
  return `${name}: ${work}${shares.length > 0 ? `; CPU ms/task: ${shares.join(', ')}` : ''}`;
};

const machine = (): string => {
  const [processor] = cpus();
  return `${cpus().length} × ${processor?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()} ${arch()}, Node ${process.version}`;
};

const commit = (): string => {
  try {
    return execFileSync('git', ['-C', WORKSPACE, 'describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
};

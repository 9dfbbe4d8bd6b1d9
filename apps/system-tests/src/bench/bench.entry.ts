// npm run bench -- [chain] [latency] … [--json]: measures the platform as it is built, services as processes of their own.
import { parseArgs } from 'node:util';
import { auth } from './auth.bench.js';
import { BenchSystem } from './bench-system.js';
import { chain } from './chain.bench.js';
import { cron } from './cron.bench.js';
import { history, list } from './history.bench.js';
import { idle } from './idle.bench.js';
import { seq10h, seq40 } from './javascript.bench.js';
import { latency } from './latency.bench.js';
import { logs } from './logs.bench.js';
import { reportOf, reportText, type BenchResult } from './result.js';
import { start } from './start.bench.js';
import { many, wide, wider } from './wide.bench.js';

/** Each on a system of its own, with empty tables. */
const onSystem =
  (...benches: readonly ((system: BenchSystem) => Promise<BenchResult | BenchResult[]>)[]) =>
  async (): Promise<BenchResult[]> => {
    const results: BenchResult[] = [];
    for (const bench of benches) {
      const system = await BenchSystem.start();
      try {
        results.push(...[await bench(system)].flat());
      } finally {
        await system.close();
      }
    }
    return results;
  };

const BENCHES: Readonly<Record<string, () => Promise<BenchResult[]>>> = {
  chain: onSystem(chain),
  latency: onSystem(latency),
  seq40: onSystem(seq40),
  seq10h: onSystem(seq10h),
  wide: onSystem(wide, wider),
  many: onSystem(many),
  history: onSystem(history),
  list: onSystem(list),
  cron: onSystem(cron),
  logs: onSystem(logs),
  idle: onSystem(idle),
  auth: onSystem(auth),
  start: async () => [await start()],
};

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({ options: { json: { type: 'boolean', default: false } }, allowPositionals: true });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) {
    console.error(`there is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
    return 2;
  }
  const results: BenchResult[] = [];
  let broken = 0;
  for (const name of names) {
    console.error(`• ${name} …`);
    try {
      results.push(...((await BENCHES[name]?.()) ?? []));
    } catch (error) {
      // The others' figures are worth having all the same.
      broken += 1;
      console.error(`✗ ${name}:`, error);
    }
  }
  const report = reportOf(results);
  if (!values.json) console.log(`${reportText(report)}\n`);
  console.log(JSON.stringify(report));
  return broken === 0 && results.every(({ bar }) => bar?.met !== false) ? 0 : 1;
};

process.exitCode = await main();

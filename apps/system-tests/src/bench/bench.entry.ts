// npm run bench -- [chain] [latency] [--json]: measures the platform as it is built, services as processes of their own.
import { parseArgs } from 'node:util';
import { BenchSystem } from './bench-system.js';
import { CHAIN, chain } from './chain.bench.js';
import { dbosChain } from './dbos-peer.js';
import { latency } from './latency.bench.js';
import { reportOf, reportText, type BenchResult } from './result.js';

const BENCHES: Readonly<Record<string, (system: BenchSystem) => Promise<BenchResult>>> = {
  chain: async (system) => ({ ...(await chain(system)), peers: [await dbosChain(system, CHAIN)] }),
  latency,
};

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({ options: { json: { type: 'boolean', default: false } }, allowPositionals: true });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const unknown = names.filter((name) => !(name in BENCHES));
  if (unknown.length > 0) {
    console.error(`there is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
    return 2;
  }
  const results: BenchResult[] = [];
  for (const name of names) {
    console.error(`• ${name} …`);
    const system = await BenchSystem.start(); // each on empty tables
    try {
      results.push((await BENCHES[name]?.(system)) as BenchResult);
    } finally {
      await system.close();
    }
  }
  const report = reportOf(results);
  if (!values.json) console.log(`${reportText(report)}\n`);
  console.log(JSON.stringify(report));
  return results.every(({ bar }) => bar?.met !== false) ? 0 : 1;
};

process.exitCode = await main();

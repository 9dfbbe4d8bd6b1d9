// A peer in the same run: DBOS on the same Postgres, the same number of workflows and steps. A process of its own, as the worker is.
// Prints one JSON line: { seconds, durations } (milliseconds of each workflow).
import { DBOS } from '@dbos-inc/dbos-sdk';

const [databaseUrl, workflows, steps, atOnce] = [process.argv[2], ...process.argv.slice(3).map(Number)];
if (!databaseUrl || !workflows || !steps || !atOnce) throw new Error('usage: dbos.js <database-url> <workflows> <steps> <at once>');

DBOS.setConfig({ name: 'bench', systemDatabaseUrl: databaseUrl, runAdminServer: false, logLevel: 'error' });
const chain = DBOS.registerWorkflow(
  async (length: number) => {
    for (let index = 0; index < length; index++) await DBOS.runStep(async () => ({ sum: index + 1 }), { name: 'add' });
  },
  { name: 'chain' },
);
await DBOS.launch();

const run = async (times: number): Promise<number[]> => {
  const durations: number[] = [];
  let left = times;
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const begun = performance.now();
      await (await DBOS.startWorkflow(chain)(steps)).getResult();
      durations.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return durations;
};

await run(Math.ceil(workflows / 2));
const begun = performance.now();
const durations = await run(workflows);
console.log(JSON.stringify({ seconds: (performance.now() - begun) / 1_000, durations }));
await DBOS.shutdown();
process.exit(0);

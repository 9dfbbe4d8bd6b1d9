import type { CommandLine } from '../command-line.js';
import { databaseUrl, reaching } from '../database.js';

/** `migrate`: brings the database up to this version; services never do that by themselves. */
export const addMigrate = (line: CommandLine): void => {
  line.root
    .command('migrate')
    .summary('bring the database up to this version')
    .description('Apply the migrations that the database in ORDERLINES_DATABASE_URL lacks. Running it again changes nothing.')
    .action(
      line.action(async (invocation) => {
        const url = databaseUrl(invocation.environment, 'migrate');
        const { runMigrations } = await import('@orderlines/persistence');
        const applied = await reaching(url, () => runMigrations(url));
        await invocation.print({ applied }, () => (applied.length > 0 ? `applied ${applied.join(', ')}` : 'the database is up to date'));
      }),
    );
};

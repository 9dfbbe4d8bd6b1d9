import { SessionsEnded, SessionView } from '@orderlines/contracts';
import { z } from 'zod';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { table } from '../output/table.js';
import { segment } from '../server/client.js';

/** `sessions list|end`: where one is logged in. */
export const addSessions = (line: CommandLine): void => {
  const sessions = line.root
    .command('sessions')
    .summary('see and end your sessions')
    .description('Your sessions in browsers; tokens of the command line are under `tokens`.');
  sessions.command('list').description('List your sessions, with where and when they were used last.').action(line.action(list));
  sessions
    .command('end [session]')
    .description('End one of your sessions; without an id, all of them. Tokens go on.')
    .action(line.action(end));
};

const list = async (invocation: Invocation): Promise<void> => {
  const sessions = await (await invocation.client()).ask(SessionView.array(), { method: 'GET', path: 'me/sessions' });
  await invocation.print(sessions, () =>
    table<SessionView>(
      [
        { heading: 'ID', value: ({ id }) => id },
        { heading: 'BEGAN', value: ({ createdAt }) => createdAt },
        { heading: 'LAST USED', value: ({ lastUsedAt }) => lastUsedAt },
        { heading: 'ADDRESS', value: ({ address }) => address },
        { heading: 'BROWSER', value: ({ userAgent }) => userAgent },
      ],
      sessions,
    ),
  );
};

const end = async (invocation: Invocation, session: string | undefined): Promise<void> => {
  const client = await invocation.client();
  if (session === undefined) {
    const { ended } = await client.ask(SessionsEnded, { method: 'DELETE', path: 'me/sessions' });
    await invocation.print({ ended }, () => `ended ${ended} sessions\n`);
    return;
  }
  await client.ask(z.unknown(), { method: 'DELETE', path: `me/sessions/${segment(session)}` });
  await invocation.print({ ended: 1 }, () => `ended ${session}\n`);
};

import { KeyRotation } from '@orderlines/contracts';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';
import { facts } from '../output/table.js';

/** `rotate-keys`: seals every secret with the newest key, while everything runs; what was cut short is gone on with. */
export const addRotateKeys = (line: CommandLine): void => {
  line.root
    .command('rotate-keys')
    .summary('seal all secrets with the newest key')
    .description(
      'Seal every secret with the first key of ORDERLINES_SECRET_KEY. Everything runs meanwhile, and cut short it goes on where it was. ' +
        'All gateways and executors must know the old and the new key before.',
    )
    .action(
      line.action(async (invocation) => {
        const client = await invocation.client();
        let done = 0;
        for (;;) {
          const { keyId, resealed, remaining } = await client.ask(KeyRotation, { method: 'POST', path: 'secrets/rotation', body: {} });
          done += resealed;
          if (remaining > 0 && resealed > 0) continue;
          if (remaining > 0) throw refused(`${remaining} secrets are being changed by somebody else`, 'run the command again');
          return invocation.print({ keyId, resealed: done }, () => facts({ key: keyId, 'sealed again': done }));
        }
      }),
    );
};

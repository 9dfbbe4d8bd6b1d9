import { SignalSent } from '@orderlines/contracts';
import { randomUUID } from 'node:crypto';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';
import type { Invocation } from '../invocation.js';
import { facts } from '../output/table.js';

interface SignalOptions {
  readonly key: string;
  readonly payload?: string;
  readonly namespace: string;
  readonly idempotencyKey?: string;
}

/** `signal`: tells runs what has happened elsewhere. */
export const addSignal = (line: CommandLine): void => {
  line.root
    .command('signal')
    .summary('send a signal to the run that waits for it')
    .description('Send a signal: to the run that has waited longest for it, or to the first that will within a day.')
    .argument('<name>', 'name of the signal')
    .option('--key <key>', 'correlation key, the same as that of the wait', '')
    .option('--payload <json>', 'what the wait gives as its result, as JSON')
    .option('--namespace <namespace>', 'that of the processes that wait', 'default')
    .option('--idempotency-key <key>', 'sent again under the same key it is the same signal')
    .action(line.action(send));
};

const send = async (invocation: Invocation, name: string, options: SignalOptions): Promise<void> => {
  const { key, payload, namespace, idempotencyKey = randomUUID() } = options;
  const body = { namespace, name, key, ...(payload !== undefined && { payload: parsed(payload) }) };
  const client = await invocation.client();
  const sent = await client.ask(SignalSent, { method: 'POST', path: 'signals', headers: { 'idempotency-key': idempotencyKey }, body });
  await invocation.print(sent, () => facts({ signal: sent.id, 'for run': sent.instanceId ?? 'none yet: it is kept for a day' }));
};

const parsed = (payload: string): unknown => {
  try {
    return JSON.parse(payload);
  } catch (error) {
    throw refused(`--payload is not JSON: ${(error as Error).message}`, `a text needs quotes of its own: --payload '"text"'`);
  }
};

import { actorOf, requireRight } from '@orderlines/auth';
import type { SignalBody, SignalSent } from '@orderlines/contracts';
import type { ExecutorClient } from '@orderlines/rpc';
import { keyOf, type Caller } from '../instance/instances.js';

/** Signals: what happens elsewhere, for runs that wait for it. */
export class Signals {
  constructor(private readonly executor: ExecutorClient) {}

  /** Sends one; the same key of the caller with the same signal sends it once. */
  async send({ namespace, name, key, payload }: SignalBody, caller: Caller): Promise<SignalSent> {
    requireRight(caller.principal, { action: 'send', subject: 'Signal' }, { namespace, name });
    const sent = await this.executor.sendSignal({
      ...{ namespace, name, key },
      payloadJson: JSON.stringify(payload),
      actor: actorOf(caller.principal),
      idempotencyKey: keyOf(caller),
    });
    return { id: sent.signalId, instanceId: sent.instanceId || null, taskId: sent.taskInstanceId || null };
  }
}

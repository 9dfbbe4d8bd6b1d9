import { parseDuration, type TriggerView, type WebhookSignature, type WebhookTaken } from '@orderlines/contracts';
import {
  audit,
  boundToName,
  deliveriesOfMinute,
  findSecret,
  findTriggerByToken,
  insertDelivery,
  noteRefusedDelivery,
} from '@orderlines/persistence';
import { SecretKeyError, type KeyRing } from '@orderlines/secrets';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { notFound, RequestRefused, type RefusalDetails } from '../problems/request-refused.js';
import { deliveryIdOf, eventNameOf, eventOf, type WebhookRequest } from './delivery.js';
import { signatureProblem } from './signature.js';
import { hashWebhookToken } from './webhook-token.js';

const MINUTE_S = 60;

/** A webhook whose address somebody has called. */
export type CalledWebhook = TriggerView & { readonly webhook: NonNullable<TriggerView['webhook']> };

/** Requests of webhooks: checked and stored here, judged by schedulers. */
export class Webhooks {
  constructor(
    private readonly manager: EntityManager,
    private readonly pool: Pool,
    private readonly keys: KeyRing,
  ) {}

  /** The webhook of a token, before a byte of the body is read. */
  async called(token: string): Promise<CalledWebhook> {
    const hash = hashWebhookToken(token);
    const trigger = hash && (await findTriggerByToken(this.manager, hash));
    if (!trigger?.webhook) throw notFound('webhook.not-found', 'There is no webhook at this address: was it rotated or removed?');
    if (trigger.enabled) return { ...trigger, webhook: trigger.webhook };
    throw new RequestRefused('webhook.disabled', 'The trigger of this webhook is disabled: nothing is taken.', 409);
  }

  /** Takes a request once: its signature fits, and there were not too many. */
  async take(trigger: CalledWebhook, request: WebhookRequest): Promise<WebhookTaken> {
    const { id: triggerId, name, namespace, webhook } = trigger;
    await this.requireSignature(trigger, request);
    if ((await deliveriesOfMinute(this.manager, triggerId)) >= trigger.maxPerMinute) {
      const why = `more than ${trigger.maxPerMinute} requests came within a minute`;
      throw await this.refusal(trigger, { reason: 'webhook.throttled', message: why, status: 429, retryAfterSeconds: MINUTE_S });
    }
    const key = deliveryIdOf(webhook.signature.style, request);
    const event = eventOf(request, key, Date.now());
    return this.manager.transaction(async (manager) => {
      const taken = await insertDelivery(manager, { triggerId, key, type: eventNameOf(request), event });
      await audit.record(manager, {
        action: 'receive',
        subject: { kind: 'Trigger', id: triggerId, name, namespace },
        after: { delivery: key, ...taken },
        actor: `trigger:${namespace}/${name}`,
      });
      return taken;
    });
  }

  private async requireSignature(trigger: CalledWebhook, request: WebhookRequest): Promise<void> {
    const { signature } = trigger.webhook;
    if (signature.style === 'none') return;
    const secret = await this.secretOf(trigger.namespace, signature);
    if (secret === null) {
      const message = `the secret "${signature.secret}" of its signatures is not in ${trigger.namespace} any more`;
      throw await this.refusal(trigger, { reason: 'webhook.no-secret', message, status: 503 });
    }
    const key = { secret, toleranceMs: parseDuration(signature.tolerance) ?? 0 };
    const problem = signatureProblem(signature.style, request, key, Date.now());
    if (problem !== null) throw await this.refusal(trigger, { ...problem, status: 401 });
  }

  /** The secret that both sides know; null: it is not there. */
  private async secretOf(namespace: string, { secret: name }: WebhookSignature): Promise<string | null> {
    const stored = name === null ? null : await findSecret(this.pool, { namespace, name });
    if (stored === null || stored.reference !== undefined) return null;
    try {
      return this.keys.open(stored.keyId, stored.box, boundToName(stored));
    } catch (error) {
      if (error instanceof SecretKeyError) return null;
      throw error;
    }
  }

  private async refusal(
    { id, namespace, name }: CalledWebhook,
    { reason, message, status, ...details }: { reason: string; message: string; status: number } & RefusalDetails,
  ): Promise<RequestRefused> {
    await noteRefusedDelivery(this.manager, id, { reason, message });
    return new RequestRefused(reason, `The trigger ${namespace}/${name} refuses the request: ${message}.`, status, details);
  }
}

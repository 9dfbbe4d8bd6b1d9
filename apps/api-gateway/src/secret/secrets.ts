import { actorOf, requireRight, type Principal } from '@orderlines/auth';
import type { KeyRotation, SecretBody, SecretView } from '@orderlines/contracts';
import {
  boundToName,
  boundToUser,
  deleteSecret,
  listSecrets,
  resealSecondFactors,
  resealSecrets,
  saveSecret,
  type SecretName,
  type SecretSummary,
} from '@orderlines/persistence';
import type { SecretNames } from '@orderlines/process-engine';
import { SecretKeyError, type KeyRing } from '@orderlines/secrets';
import type { Pool } from 'pg';
import { notFound } from '../problems/request-refused.js';

/** Secrets of namespaces: written and removed here, read only by executors for the tasks that name them. */
export class Secrets {
  constructor(
    private readonly pool: Pool,
    private readonly keys: KeyRing,
  ) {}

  /** Those that the principal may see, without their values. */
  async list({ rights }: Principal): Promise<SecretView[]> {
    return (await listSecrets(this.pool, rights.limits('read', 'Secret'))).map(toView);
  }

  /** Names by namespace, to check definitions with. */
  async names(): Promise<SecretNames> {
    const names = new Map<string, string[]>();
    for (const { namespace, name } of await listSecrets(this.pool)) names.set(namespace, [...(names.get(namespace) ?? []), name]);
    return names;
  }

  /** Stores a secret, also over an older one. */
  async set(secret: SecretName, { value, reference, description }: SecretBody, principal: Principal): Promise<SecretView> {
    requireRight(principal, { action: 'write', subject: 'Secret' }, secret);
    const place = reference === undefined ? this.keys.seal(value ?? '', boundToName(secret)) : { reference };
    return toView(await saveSecret(this.pool, { ...secret, ...place, description, updatedBy: actorOf(principal) }));
  }

  /** Seals some more secrets, and second factors of people, with the newest key that are sealed with an older one; they can be read all the while. */
  async rotate(): Promise<KeyRotation> {
    const keyId = this.keys.sealingKeyId;
    if (keyId === undefined) throw new SecretKeyError('There is no key to rotate to: set ORDERLINES_SECRET_KEY.');
    const reseal = ({ keyId: old, box, ...secret }: SecretName & { readonly keyId: string; readonly box: Buffer }) =>
      this.keys.seal(this.keys.open(old, box, boundToName(secret)), boundToName(secret));
    const secrets = await resealSecrets(this.pool, keyId, reseal);
    const factors = await resealSecondFactors(this.pool, keyId, ({ userId, keyId: old, box }) =>
      this.keys.seal(this.keys.open(old, box, boundToUser(userId)), boundToUser(userId)),
    );
    return { keyId, resealed: secrets.resealed + factors.resealed, remaining: secrets.remaining + factors.remaining };
  }

  /** Removes a secret: tasks that name it fail from now on. */
  async remove(secret: SecretName, principal: Principal): Promise<void> {
    requireRight(principal, { action: 'delete', subject: 'Secret' }, secret);
    if (await deleteSecret(this.pool, secret)) return;
    throw notFound(
      'secret.not-found',
      `There is no secret "${secret.name}" ${secret.namespace === '' ? 'of all namespaces' : `in ${secret.namespace}`}.`,
    );
  }
}

const toView = ({ namespace, name, description, reference, updatedBy, updatedAt }: SecretSummary): SecretView => ({
  ...{ namespace, name, description, reference, updatedBy },
  updatedAt: updatedAt.toISOString(),
});

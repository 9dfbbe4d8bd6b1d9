import { actorOf, requireRight, type Principal } from '@orderlines/auth';
import type { SecretBody, SecretView } from '@orderlines/contracts';
import { boundToName, deleteSecret, listSecrets, saveSecret, type SecretName, type SecretSummary } from '@orderlines/persistence';
import type { SecretNames } from '@orderlines/process-engine';
import type { KeyRing } from '@orderlines/secrets';
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
  async set(secret: SecretName, { value, description }: SecretBody, principal: Principal): Promise<SecretView> {
    requireRight(principal, { action: 'write', subject: 'Secret' }, secret);
    const { keyId, box } = this.keys.seal(value, boundToName(secret));
    return toView(await saveSecret(this.pool, { ...secret, keyId, box, description, updatedBy: actorOf(principal) }));
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

const toView = ({ namespace, name, description, updatedBy, updatedAt }: SecretSummary): SecretView => ({
  ...{ namespace, name, description, updatedBy },
  updatedAt: updatedAt.toISOString(),
});

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

  /** All of them, without their values. */
  async list(): Promise<SecretView[]> {
    return (await listSecrets(this.pool)).map(toView);
  }

  /** Names by namespace, to check definitions with. */
  async names(): Promise<SecretNames> {
    const names = new Map<string, string[]>();
    for (const { namespace, name } of await listSecrets(this.pool)) names.set(namespace, [...(names.get(namespace) ?? []), name]);
    return names;
  }

  /** Stores a secret, also over an older one. */
  async set(secret: SecretName, { value, description }: SecretBody, actor: string): Promise<SecretView> {
    const { keyId, box } = this.keys.seal(value, boundToName(secret));
    return toView(await saveSecret(this.pool, { ...secret, keyId, box, description, updatedBy: actor }));
  }

  /** Removes a secret: tasks that name it fail from now on. */
  async remove(secret: SecretName): Promise<void> {
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

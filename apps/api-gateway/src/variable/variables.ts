import { actorOf, requireRight, type Principal } from '@orderlines/auth';
import type { VariableBody, VariableView } from '@orderlines/contracts';
import { deleteVariable, listVariables, saveVariable, type StoredVariable, type VariableKey } from '@orderlines/persistence';
import type { Pool } from 'pg';
import { notFound } from '../problems/request-refused.js';

/** Variables of namespaces: what expressions read as `config.<name>`, with the values of the moment a run starts. */
export class Variables {
  constructor(private readonly pool: Pool) {}

  /** Those that the principal may see. */
  async list({ rights }: Principal): Promise<VariableView[]> {
    return (await listVariables(this.pool, rights.limits('read', 'Variable'))).map(toView);
  }

  /** Stores a variable, also over an older one: runs that start from now on see it. */
  async set(key: VariableKey, body: VariableBody, principal: Principal): Promise<VariableView> {
    requireRight(principal, { action: 'write', subject: 'Variable' }, key);
    return toView(await saveVariable(this.pool, { ...key, ...body, updatedBy: actorOf(principal) }));
  }

  /** Removes a variable: processes that name it cannot be started from now on. */
  async remove(key: VariableKey, principal: Principal): Promise<void> {
    requireRight(principal, { action: 'delete', subject: 'Variable' }, key);
    if (await deleteVariable(this.pool, key)) return;
    const where = key.namespace === '' ? 'of all namespaces' : `in ${key.namespace}`;
    throw notFound('variable.not-found', `There is no variable "${key.name}" ${where}.`);
  }
}

const toView = ({ updatedAt, ...variable }: StoredVariable): VariableView => ({ ...variable, updatedAt: updatedAt.toISOString() });

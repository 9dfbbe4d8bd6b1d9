import { actorOf, changedFields, requireFields, requireRight, type Principal } from '@orderlines/auth';
import { fieldsOf, type NamespaceBody, type NamespaceList, type NamespaceView } from '@orderlines/contracts';
import { hasNamespace, listNamespaces, removeNamespace, saveNamespace } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { notFound } from '../problems/request-refused.js';

/** Namespaces: what everything belongs to, with quotas and the roles that everybody has in them. */
export class Namespaces {
  constructor(private readonly manager: EntityManager) {}

  /** Those that the principal may see, by name. */
  async list({ rights }: Principal): Promise<NamespaceList> {
    return { items: await listNamespaces(this.manager, { limits: rights.limits('read', 'Namespace') }) };
  }

  /** The namespace of that name. */
  async get(name: string): Promise<NamespaceView> {
    const [namespace] = await listNamespaces(this.manager, { name });
    if (namespace === undefined) throw noSuchNamespace(name);
    return namespace;
  }

  /** Makes a namespace, or changes it; other roles for everybody only by who may grant rights. */
  async save(name: string, body: NamespaceBody, principal: Principal): Promise<NamespaceView> {
    const [before] = await listNamespaces(this.manager, { name });
    const fields = before === undefined ? fieldsOf('Namespace', 'write') : changedFields(before, body);
    requireFields(principal, { action: 'write', subject: 'Namespace' }, { namespace: name }, fields);
    const isSame = body.defaultRoles.toSorted().join() === (before?.defaultRoles ?? []).toSorted().join();
    if (!isSame) requireRight(principal, { action: 'grant', subject: 'Permission' });
    return saveNamespace(this.manager, name, body, actorOf(principal));
  }

  /** Removes a namespace that nothing is in. */
  async remove(name: string): Promise<void> {
    if (!(await removeNamespace(this.manager, name))) throw noSuchNamespace(name);
  }

  /** Refuses a namespace that is not there, unless the principal may make it. */
  async require(name: string, principal: Principal): Promise<void> {
    if (await hasNamespace(this.manager, name)) return;
    const mayMake = fieldsOf('Namespace', 'write').every((field) => principal.rights.may('write', 'Namespace', { namespace: name }, field));
    if (!mayMake) throw noSuchNamespace(name);
  }
}

const noSuchNamespace = (name: string) => notFound('namespace.not-found', `There is no namespace ${name} that you may see.`);

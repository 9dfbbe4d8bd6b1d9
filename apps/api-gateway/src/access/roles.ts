import type { Principal } from '@orderlines/auth';
import type { RoleBody, RoleList, RoleView } from '@orderlines/contracts';
import { listRoles, removeRole, saveRole } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { notFound } from '../problems/request-refused.js';

/** Roles: sets of rules that users and groups hold. */
export class Roles {
  constructor(private readonly manager: EntityManager) {}

  /** Those that the principal may see, by name. */
  async list({ rights }: Principal): Promise<RoleList> {
    return { items: await listRoles(this.manager, { limits: rights.limits('read', 'Role') }) };
  }

  /** The role of that name. */
  async get(name: string): Promise<RoleView> {
    const [role] = await listRoles(this.manager, { name });
    if (role === undefined) throw noSuchRole(name);
    return role;
  }

  /** Makes a role, or gives it another description and other rules. */
  save(name: string, body: RoleBody): Promise<RoleView> {
    return saveRole(this.manager, name, body);
  }

  /** Removes a role from everybody who holds it, and for good. */
  async remove(name: string): Promise<void> {
    if (!(await removeRole(this.manager, name))) throw noSuchRole(name);
  }
}

const noSuchRole = (name: string) => notFound('role.not-found', `There is no role ${name} that you may see.`);

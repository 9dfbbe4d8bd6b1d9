import { requireRight, standingOf, type Principal } from '@orderlines/auth';
import type { GroupBody, GroupList, GroupView, MembersBody } from '@orderlines/contracts';
import { listGroups, readPolicy, removeGroup, replaceMembers, saveGroup } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { notFound } from '../problems/request-refused.js';

/** Groups: people who share roles and rules. */
export class Groups {
  constructor(private readonly manager: EntityManager) {}

  /** Those that the principal may see, by name. */
  async list({ rights }: Principal): Promise<GroupList> {
    return { items: await listGroups(this.manager, { limits: rights.limits('read', 'Group') }) };
  }

  /** The group of that name. */
  async get(name: string): Promise<GroupView> {
    const [group] = await listGroups(this.manager, { name });
    if (group === undefined) throw noSuchGroup(name);
    return group;
  }

  /** Makes a group, or changes all of it but its members. */
  save(name: string, body: GroupBody): Promise<GroupView> {
    return saveGroup(this.manager, name, body);
  }

  /** Gives a group these members instead of those that it had; a group that lets them grant rights only by who may do so, too. */
  async appoint(name: string, { members }: MembersBody, principal: Principal): Promise<GroupView> {
    const member = { id: '', userName: '', administrator: false, roles: [], groups: [(await this.get(name)).name] };
    const given = standingOf(member, await readPolicy(this.manager), 'groups').rights;
    if (given.may('grant', 'Permission')) requireRight(principal, { action: 'grant', subject: 'Permission' });
    const group = await replaceMembers(this.manager, name, members);
    if (group === null) throw noSuchGroup(name);
    return group;
  }

  /** Removes a group; its members lose what it gave them. */
  async remove(name: string): Promise<void> {
    if (!(await removeGroup(this.manager, name))) throw noSuchGroup(name);
  }
}

const noSuchGroup = (name: string) => notFound('group.not-found', `There is no group ${name} that you may see.`);

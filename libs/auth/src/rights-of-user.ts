import { BUILT_IN_ROLES } from '@orderlines/contracts';
import type { UserAccount } from '@orderlines/persistence';
import { Rights } from './rights.js';

/** The rights of a user: an administrator has all of them, everybody else those of a developer. */
export const rightsOf = ({ administrator, userName }: UserAccount): Rights => {
  const name = administrator ? 'administrator' : 'developer';
  return Rights.of(BUILT_IN_ROLES.find((role) => role.name === name)?.rules ?? [], userName);
};

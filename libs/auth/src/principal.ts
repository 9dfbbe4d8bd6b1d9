import type { UserAccount } from '@orderlines/persistence';
import type { Rights } from './rights.js';

/** Who is asking. */
export interface Principal {
  readonly user: UserAccount;
  /** The token that proved it. */
  readonly tokenId: string;
  /** What they may do with this token. */
  readonly rights: Rights;
  /** Names of the roles that they have somewhere. */
  readonly roles: readonly string[];
  /** Names of the groups that they are in. */
  readonly groups: readonly string[];
}

/** Name under which what a principal does is written down. */
export const actorOf = ({ user }: Principal): string => user.userName;

import type { UserAccount } from '@orderlines/persistence';
import type { Rights } from './rights.js';

/** Who is asking. */
export interface Principal {
  readonly user: UserAccount;
  /** The token that proved it. */
  readonly tokenId: string;
  /** The session it belongs to; null: it is a token of a machine or of the command line. */
  readonly sessionId: string | null;
  /** Whether the token may do less than its owner. */
  readonly isScoped: boolean;
  /** Whether nothing but changing the password is possible: it was made by somebody else. Tokens of machines are not concerned. */
  readonly mustChangePassword: boolean;
  /** What they may do with this token. */
  readonly rights: Rights;
  /** Names of the roles that they have somewhere. */
  readonly roles: readonly string[];
  /** Names of the groups that they are in. */
  readonly groups: readonly string[];
}

/** Name under which what a principal does is written down. */
export const actorOf = ({ user }: Principal): string => user.userName;

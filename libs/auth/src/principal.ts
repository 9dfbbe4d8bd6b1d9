import type { UserAccount } from '@orderlines/persistence';

/** Who is asking. */
export interface Principal {
  readonly user: UserAccount;
  /** The token that proved it. */
  readonly tokenId: string;
}

/** Name under which what a principal does is written down. */
export const actorOf = ({ user }: Principal): string => user.userName;

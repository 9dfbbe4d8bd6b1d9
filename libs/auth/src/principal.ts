import type { UserAccount } from '@orderlines/persistence';

/** Who is asking: the same for every door. */
export interface Principal {
  readonly userId: string;
  readonly userName: string;
  readonly administrator: boolean;
  /** The token that was shown. */
  readonly tokenId: string;
}

/** The principal of a user and a token. */
export const principalOf = (user: UserAccount, tokenId: string): Principal => ({
  userId: user.id,
  userName: user.userName,
  administrator: user.administrator,
  tokenId,
});

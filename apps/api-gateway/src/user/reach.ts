import { NotAllowed, requireRight, requireWholeToken, type Principal, type RightsBook } from '@orderlines/auth';
import type { UserAccount } from '@orderlines/persistence';

/** Refuses everybody but an administrator with a whole token. */
export const requireAdministrator = ({ user, isScoped }: Principal): void => {
  if (!user.administrator || isScoped) throw new NotAllowed('Only an administrator makes or changes administrators.');
};

/**
 * Refuses to change an account, or to make a token of it, to who would get more by it than they have: whoever resets a password can log in
 * with it. Of an administrator only another one does it, of somebody who may grant rights only who may do so, too; and a token that may do
 * less than its owner does nothing to its owner.
 */
export const requireReach = async (principal: Principal, user: UserAccount, book: RightsBook): Promise<void> => {
  if (user.administrator) requireAdministrator(principal);
  if (user.id === principal.user.id) requireWholeToken(principal);
  const theirs = await book.of(user.id);
  if (theirs?.rights.may('grant', 'Permission')) requireRight(principal, { action: 'grant', subject: 'Permission' });
};

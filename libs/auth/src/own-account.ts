import { NotAllowed, PasswordChangeNeeded } from './auth-error.js';
import type { Principal } from './principal.js';

/** Refuses somebody whose password was made by somebody else and not changed since. Throws {@link PasswordChangeNeeded}. */
export const requireOwnPassword = ({ mustChangePassword }: Principal): void => {
  if (mustChangePassword) throw new PasswordChangeNeeded();
};

/** Refuses a token that may do less than its owner: it must not make itself more. Throws {@link NotAllowed}. */
export const requireWholeToken = ({ isScoped }: Principal): void => {
  if (isScoped) throw new NotAllowed('This token may do less than its owner, and nothing with the account: log in for that.');
};

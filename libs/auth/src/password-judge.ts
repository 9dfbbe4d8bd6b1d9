import type { UserAccount } from '@orderlines/persistence';
import { LoginThrottled } from './auth-error.js';
import { hashPassword, verifyPassword } from './password.js';

/** Passwords judged at once: each takes 64 MiB. */
const MAX_JUDGED_AT_ONCE = 4;
const MAX_WAITING = 64;
/** What a client that is told to come back because too many log in at once should wait, seconds. */
const BUSY_RETRY_SECONDS = 2;

/** Says whether passwords are right, a few at a time. */
export class PasswordJudge {
  private readonly waiting: (() => void)[] = [];
  private judging = 0;
  private unknownUserHash: Promise<string> | undefined;

  /** Whether it is the user's password; an unknown user, or one without a password, takes as long as any. Throws {@link LoginThrottled}. */
  async isRight(password: string, user: UserAccount | null): Promise<boolean> {
    await this.turn();
    try {
      this.unknownUserHash ??= hashPassword('nobody has this password');
      const right = await verifyPassword(password, user?.passwordHash || (await this.unknownUserHash));
      return right && Boolean(user?.passwordHash);
    } finally {
      this.judging -= 1;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    if (this.judging >= MAX_JUDGED_AT_ONCE) {
      if (this.waiting.length >= MAX_WAITING) throw new LoginThrottled(BUSY_RETRY_SECONDS);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.judging += 1;
  }
}

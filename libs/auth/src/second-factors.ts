import { createHash, randomInt } from 'node:crypto';
import {
  audit,
  beginSecondFactor,
  boundToUser,
  countRecoveryCodes,
  findSecondFactor,
  removeSecondFactor,
  replaceRecoveryCodes,
  takeRecoveryCode,
  takeStep,
  type SecondFactor,
  type UserAccount,
} from '@orderlines/persistence';
import type { KeyRing } from '@orderlines/secrets';
import { OrderlinesError } from '@orderlines/service-host';
import { Secret, TOTP } from 'otpauth';
import type { EntityManager } from 'typeorm';
import { WrongSecondFactor } from './auth-error.js';

const PERIOD_SECONDS = 30;
/** Codes of the step before and after are taken, too: clocks of phones differ. */
const WINDOW = 1;
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
/** Without letters and digits that look alike; five and five of them have 49 bits. */
const RECOVERY_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const RECOVERY_PART = 5;

/** Whose factor it is. */
type Owner = Pick<UserAccount, 'id' | 'userName'>;

/** There is a second factor already, or none yet. */
export class SecondFactorConflict extends OrderlinesError {
  constructor(message: string) {
    super('auth.second-factor-state', message, 409);
  }
}

/** Second factors of people: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost. */
export class SecondFactors {
  constructor(
    private readonly manager: EntityManager,
    private readonly keys: KeyRing,
    private readonly now: () => number = Date.now,
  ) {}

  /** Whether a login of the user wants a code. */
  async isInUse(userId: string): Promise<boolean> {
    return (await findSecondFactor(this.manager, userId))?.confirmed ?? false;
  }

  /** Recovery codes that are left. */
  recoveryCodesLeft(userId: string): Promise<number> {
    return countRecoveryCodes(this.manager, userId);
  }

  /** Begins a second factor; it is in use once a code of it was shown. Throws {@link SecondFactorConflict}. */
  async begin(user: Owner): Promise<{ readonly uri: string; readonly secret: string }> {
    const { id, userName } = user;
    const secret = new Secret({ size: SECRET_BYTES });
    await this.manager.transaction(async (transaction) => {
      const begun = await beginSecondFactor(transaction, { userId: id, ...this.keys.seal(secret.base32, boundToUser(id)) });
      if (!begun) throw new SecondFactorConflict('A second factor is in use already: remove it first.');
      await record(transaction, 'begin-second-factor', user, { secondFactor: 'none' }, { secondFactor: 'begun' });
    });
    return { uri: totpOf(secret.base32, userName).toString(), secret: secret.base32 };
  }

  /** Puts the factor that was begun in use, and gives the recovery codes. Throws {@link WrongSecondFactor} or {@link SecondFactorConflict}. */
  confirm(user: Owner, code: string): Promise<string[]> {
    return this.manager.transaction(async (transaction) => {
      const factor = await findSecondFactor(transaction, user.id);
      if (!factor || factor.confirmed) throw new SecondFactorConflict('There is no second factor that waits for its first code.');
      if (!(await this.takeCode(transaction, factor, code))) throw new WrongSecondFactor(422);
      await record(transaction, 'add-second-factor', user, { secondFactor: 'begun' }, { secondFactor: 'in use' });
      return giveRecoveryCodes(transaction, user.id);
    });
  }

  /** Puts new recovery codes in place of the old ones. */
  newRecoveryCodes(user: Owner): Promise<string[]> {
    return this.manager.transaction(async (transaction) => {
      if (!(await findSecondFactor(transaction, user.id))?.confirmed) throw new SecondFactorConflict('There is no second factor in use.');
      const before = { recoveryCodes: await countRecoveryCodes(transaction, user.id) };
      await record(transaction, 'new-recovery-codes', user, before, { recoveryCodes: RECOVERY_CODES });
      return giveRecoveryCodes(transaction, user.id);
    });
  }

  /** Takes a code of the app, or a recovery code, once; false: it is wrong, too old, or was taken before. */
  async take(userId: string, code: string): Promise<boolean> {
    if (code.includes('-')) return takeRecoveryCode(this.manager, userId, hashOf(code));
    const factor = await findSecondFactor(this.manager, userId);
    return factor !== null && this.takeCode(this.manager, factor, code);
  }

  /** Removes the second factor of a user; false: there was none. */
  remove(user: Owner): Promise<boolean> {
    return this.manager.transaction(async (transaction) => {
      const removed = await removeSecondFactor(transaction, user.id);
      const before = { secondFactor: removed ? 'in use' : 'none' };
      await record(transaction, 'remove-second-factor', user, before, { secondFactor: 'none' });
      return removed;
    });
  }

  private async takeCode(manager: EntityManager, { userId, keyId, box }: SecondFactor, code: string): Promise<boolean> {
    const timestamp = this.now();
    const delta = totpOf(this.keys.open(keyId, box, boundToUser(userId)), '').validate({ token: code, timestamp, window: WINDOW });
    if (delta === null) return false;
    return takeStep(manager, userId, Math.floor(timestamp / 1_000 / PERIOD_SECONDS) + delta);
  }
}

const record = (manager: EntityManager, action: string, { id, userName }: Owner, before: object, after: object): Promise<void> =>
  audit.record(manager, { action, subject: { kind: 'User', id, name: userName }, before, after });

const giveRecoveryCodes = async (manager: EntityManager, userId: string): Promise<string[]> => {
  const codes = Array.from({ length: RECOVERY_CODES }, () => `${letters()}-${letters()}`);
  await replaceRecoveryCodes(manager, userId, codes.map(hashOf));
  return codes;
};

const totpOf = (secret: string, label: string): TOTP =>
  new TOTP({ issuer: 'orderlines', label, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS, secret: Secret.fromBase32(secret) });

const letters = (): string => Array.from({ length: RECOVERY_PART }, () => RECOVERY_LETTERS[randomInt(RECOVERY_LETTERS.length)]).join('');

/** The codes are random enough that a fast hash keeps them. */
const hashOf = (code: string): Buffer => createHash('sha256').update(code).digest();

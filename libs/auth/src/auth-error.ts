import type { Problem, Subject } from '@orderlines/contracts';
import { OrderlinesError } from '@orderlines/service-host';

/** Nobody is known to be asking: no token, or one that cannot be used (any more). */
export class NotAuthenticated extends OrderlinesError {
  constructor(message = 'Log in first: this door wants `Authorization: Bearer <token>`, and POST /api/v1/sessions gives one.') {
    super('auth.not-authenticated', message, 401);
  }
}

/** The login is wrong; it is not told which part of it. */
export class WrongLogin extends OrderlinesError {
  constructor() {
    super('auth.wrong-login', 'The user name or the password is wrong.', 401);
  }
}

/** The password is right, and a code of the authenticator app is wanted, too. */
export class SecondFactorNeeded extends OrderlinesError {
  constructor() {
    super('auth.second-factor-needed', 'This account wants a code of its authenticator app, or a recovery code, as `code`.', 401);
  }
}

/** The code is wrong, too old, or was used before. */
export class WrongSecondFactor extends OrderlinesError {
  constructor(status: 401 | 422 = 401) {
    super('auth.wrong-second-factor', 'The code is wrong, too old, or was used before: wait for the next one.', status);
  }
}

/** The refresh token is none, or its session has ended. */
export class SessionEnded extends OrderlinesError {
  constructor() {
    super('auth.session-ended', 'The session has ended, or there was none: log in.', 401);
  }
}

/** A refresh token was shown twice: its session was ended for everybody. */
export class RefreshTokenReused extends OrderlinesError {
  constructor() {
    const why = 'A token of this session was used twice, so somebody else may have it. The session was ended everywhere: log in again.';
    super('auth.refresh-reused', why, 401);
  }
}

/** The password was given by somebody else: until it is changed nothing else is possible. */
export class PasswordChangeNeeded extends OrderlinesError {
  constructor() {
    const how = 'Your password was made by somebody else: choose your own by PUT /api/v1/me/password; until then nothing else is possible.';
    super('auth.password-change-needed', how, 403);
  }
}

/** The password that is to be replaced is not the one given. */
export class WrongPassword extends OrderlinesError {
  constructor() {
    super('auth.wrong-password', 'This is not your current password: nothing was changed.', 422);
  }
}

/** The one who asks may not do this. */
export class NotAllowed extends OrderlinesError {
  constructor(message: string) {
    super('auth.not-allowed', message, 403);
  }
}

/** There is no such thing, or none that the one who asks may see: the answer is the same. */
export class NotThere extends OrderlinesError {
  constructor(subject: Subject, noun: string, reference: string) {
    const code = `${subject.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.not-found`;
    super(code, `There is no ${noun} ${reference} that you may see.`, 404);
  }
}

/** Too many failed logins: wait. */
export class LoginThrottled extends OrderlinesError {
  constructor(
    readonly retryAfterSeconds: number,
    code = 'auth.throttled',
    message = `Too many failed logins: try again in ${retryAfterSeconds} s.`,
  ) {
    super(code, message, 429);
  }
}

/** Too many failed logins in a row: the account is locked for a while, whoever asks. */
export class AccountLocked extends LoginThrottled {
  constructor(retryAfterSeconds: number) {
    const minutes = Math.ceil(retryAfterSeconds / 60);
    super(
      retryAfterSeconds,
      'auth.locked',
      `Too many failed logins: this account is locked for ${minutes} min. An administrator can unlock it.`,
    );
  }
}

/** A password that the rules refuse. */
export class PasswordRefused extends OrderlinesError {
  constructor(readonly problems: readonly Problem[]) {
    super('auth.password-refused', `The password cannot be used: ${problems.map(({ message }) => message).join('; ')}.`, 422);
  }
}

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
  constructor(readonly retryAfterSeconds: number) {
    super('auth.throttled', `Too many failed logins: try again in ${retryAfterSeconds} s.`, 429);
  }
}

/** A password that the rules refuse. */
export class PasswordRefused extends OrderlinesError {
  constructor(readonly problems: readonly Problem[]) {
    super('auth.password-refused', `The password cannot be used: ${problems.map(({ message }) => message).join('; ')}.`, 422);
  }
}

import { addUser, LoginThrottle } from '@orderlines/auth';
import { UserView, type RegistrationBody } from '@orderlines/contracts';
import { audit, type Parameters, type SessionPlace } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { RequestRefused } from '../problems/request-refused.js';

/** People who register themselves; they have no rights until somebody lets them in. */
export class Registrations {
  constructor(
    private readonly manager: EntityManager,
    private readonly throttle: LoginThrottle,
    private readonly parameters: Parameters,
  ) {}

  /** Whether people may register themselves now: the system parameter `self_registration`. */
  isOpen(): boolean {
    return this.parameters.get('self_registration');
  }

  /** Adds the user. */
  async register(body: RegistrationBody, { address }: SessionPlace): Promise<UserView> {
    if (!this.isOpen()) throw new RequestRefused('user.registration-closed', 'Nobody can register here: an administrator adds users.', 403);
    // Counted as a failed login of the address, which is never taken back: nobody registers hundreds.
    await this.throttle.begin(null, body.userName, address);
    return this.manager.transaction(async (transaction) => {
      const user = await addUser(transaction, { ...body, approved: false, emailTrusted: false });
      const subject = { kind: 'User', id: user.id, name: user.userName };
      await audit.record(transaction, { action: 'register', subject, actor: user.userName, after: UserView.parse(user) });
      return UserView.parse(user);
    });
  }
}

import {
  addServiceAccount,
  addUser,
  addUserWithOneTimePassword,
  makeOneTimePassword,
  changedFields,
  requireFields,
  requireRight,
  withReadableFields,
  type Authenticator,
  type LoginThrottle,
  type Principal,
  type RightsBook,
  type SecondFactors,
} from '@orderlines/auth';
import {
  UserView,
  type NewUserBody,
  type ProfileBody,
  type UserAdded,
  type UserChangeBody,
  type UserDetail,
  type UserPage,
  type UserQuery,
} from '@orderlines/contracts';
import {
  audit,
  changeUser,
  countAdministrators,
  deleteUser,
  endLoginSessions,
  findUser,
  listLoginSessions,
  listUsers,
  readUserPicture,
  replaceHeldRoles,
  revokeApiTokens,
  saveUserPicture,
  type UserAccount,
  type UserPicture,
} from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { notFound, RequestRefused } from '../problems/request-refused.js';
import { pictureType } from './picture-type.js';
import { requireAdministrator, requireReach } from './reach.js';

/** What lets users in, or not. */
interface LoginDoor {
  readonly authenticator: Authenticator;
  readonly throttle: LoginThrottle;
  readonly secondFactors: SecondFactors;
  readonly book: RightsBook;
}

/** People and service accounts: looked after by those who may, and everybody by themselves. */
export class Users {
  constructor(
    private readonly manager: EntityManager,
    private readonly door: LoginDoor,
  ) {}

  /** Users that the principal may see, by name. */
  async list({ cursor, limit, ...filter }: UserQuery, principal: Principal): Promise<UserPage> {
    const { rights } = principal;
    const which = {
      ...filter,
      limits: rights.limits('read', 'User'),
      fields: CONTACT.filter((field) => rights.mayOnAll('read', 'User', field)),
    };
    const page = await listUsers(this.manager, which, { limit, ...(cursor !== undefined && { cursor }) });
    return { ...page, items: page.items.map((user) => readable(principal, user)) };
  }

  /** A user with what is known of their logins. */
  async get(id: string, principal: Principal): Promise<UserDetail> {
    const user = await this.require(id);
    const { throttle, secondFactors } = this.door;
    return {
      ...readable(principal, UserView.parse(user)),
      createdAt: user.createdAt.toISOString(),
      updatedAt: user.updatedAt.toISOString(),
      lockedUntil: (await throttle.lockedUntil(id))?.toISOString() ?? null,
      secondFactor: await secondFactors.isInUse(id),
      sessions: (await listLoginSessions(this.manager, id)).length,
    };
  }

  /** Adds a user; without a password one is made that must be changed. Only an administrator adds another one. */
  add({ password, kind, roles, ...user }: NewUserBody, principal: Principal): Promise<UserAdded> {
    if (user.administrator) requireAdministrator(principal);
    const { userName: name } = user;
    requireRight(principal, WRITE, { name });
    requireFields(principal, WRITE, { name }, changedFields({ administrator: false }, { ...user, password }));
    if (roles.length > 0) requireRight(principal, { action: 'grant', subject: 'Permission' });
    return this.manager.transaction(async (transaction) => {
      const added =
        kind === 'service'
          ? { user: await addServiceAccount(transaction, user) }
          : password === undefined
            ? await addUserWithOneTimePassword(transaction, user)
            : { user: await addUser(transaction, { ...user, password }) };
      const held = roles.map((role) => ({ role, namespace: null }));
      await replaceHeldRoles(transaction, { userId: added.user.id }, held);
      await audit.record(transaction, {
        action: 'create',
        subject: subjectOf(added.user),
        after: { ...UserView.parse(added.user), roles },
      });
      return { ...UserView.parse(added.user), ...('oneTimePassword' in added && { oneTimePassword: added.oneTimePassword }) };
    });
  }

  /** Changes a user. Disabling ends all sessions; there is always an administrator left. */
  async change(id: string, body: UserChangeBody, principal: Principal): Promise<UserView> {
    const changed = await this.write(id, 'update', principal, async (transaction, user) => {
      if (body.administrator === true) requireAdministrator(principal);
      requireFields(principal, WRITE, { name: user.userName }, changedFields(user, body));
      if (body.userName !== undefined) requireRight(principal, WRITE, { name: body.userName });
      const lapses = body.enabled === false || body.administrator === false;
      if (lapses) await this.requireAnotherAdministrator(transaction, user);
      if (body.enabled === false) await endLoginSessions(transaction, { userId: id }, 'disabled');
      return changeUser(transaction, id, { ...defined(body), ...(body.email !== undefined && { emailTrusted: true }) });
    });
    return readable(principal, UserView.parse(changed));
  }

  /** Changes of one's own profile; an e-mail address that one has set oneself is not one to be known by elsewhere. */
  async changeProfile(user: UserAccount, body: ProfileBody): Promise<UserView> {
    const changed = await this.manager.transaction(async (transaction) => {
      const after = await changeUser(transaction, user.id, { ...defined(body), ...(body.email !== undefined && { emailTrusted: false }) });
      await recordChange(transaction, 'update', user, after);
      return after;
    });
    this.door.authenticator.forget(user.id);
    return UserView.parse(changed);
  }

  /** Sets or removes the picture of a user. */
  async setPicture(user: UserAccount, bytes: Buffer | null): Promise<UserView> {
    const picture = await this.manager.transaction(async (transaction) => {
      const saved = await saveUserPicture(transaction, user.id, bytes && { mediaType: pictureType(bytes), bytes });
      await recordChange(transaction, 'update', user, { ...user, picture: saved });
      return saved;
    });
    this.door.authenticator.forget(user.id);
    return UserView.parse({ ...user, picture });
  }

  /** The picture of a user. */
  async picture(id: string): Promise<UserPicture> {
    const picture = z.uuid().safeParse(id).success ? await readUserPicture(this.manager, id) : null;
    if (!picture) throw notFound('user.no-picture', 'This user has no picture.');
    return picture;
  }

  /** Gives a user a password to be changed at the next login; ends all sessions and logins of the command line, and unlocks the account. */
  async resetPassword(id: string, principal: Principal): Promise<string> {
    let oneTimePassword = '';
    await this.write(id, 'reset-password', principal, async (transaction, user) => {
      requireFields(principal, WRITE, { name: user.userName }, ['password']);
      if (user.kind === 'service') throw new RequestRefused('user.no-password', 'A service account has tokens and no password.', 409);
      oneTimePassword = await makeOneTimePassword(transaction, user);
      await endLoginSessions(transaction, { userId: id }, 'password');
      await revokeApiTokens(transaction, { userId: id, kinds: ['login'] });
      return findUser(transaction, id);
    });
    await this.door.throttle.unlock(id);
    return oneTimePassword;
  }

  /** Lets a user that is locked by failed logins try again. */
  async unlock(id: string, principal: Principal): Promise<void> {
    const user = await this.requireToWrite(id, principal, ['lockedUntil']);
    const before = { lockedUntil: await this.door.throttle.lockedUntil(id) };
    await audit.record(this.manager, { action: 'unlock', subject: subjectOf(user), before, after: { lockedUntil: null } });
    await this.door.throttle.unlock(id);
  }

  /** Ends all sessions of a user, and logins of the command line; tokens of machines go on. */
  async endSessions(id: string, principal: Principal): Promise<number> {
    const user = await this.requireToWrite(id, principal, ['sessions']);
    const ended = await this.manager.transaction(async (transaction) => {
      const sessions = await endLoginSessions(transaction, { userId: id }, 'revoked');
      const logins = await revokeApiTokens(transaction, { userId: id, kinds: ['login'] });
      const before = { sessions, logins };
      await audit.record(transaction, { action: 'end-sessions', subject: subjectOf(user), before, after: { sessions: 0, logins: 0 } });
      return sessions;
    });
    this.door.authenticator.forget(id);
    return ended;
  }

  /** Removes the second factor of a user who has lost it. */
  async removeSecondFactor(id: string, principal: Principal): Promise<void> {
    const user = await this.requireToWrite(id, principal, ['secondFactor']);
    await this.door.secondFactors.remove(user);
  }

  /** Removes a user with all tokens and sessions; there is always an administrator left. */
  async remove(id: string, principal: Principal): Promise<void> {
    await this.write(id, 'delete', principal, async (transaction, user) => {
      await this.requireAnotherAdministrator(transaction, user);
      await deleteUser(transaction, id);
      return null;
    });
  }

  /** A user by id. */
  async require(id: string): Promise<UserAccount> {
    const user = z.uuid().safeParse(id).success ? await findUser(this.manager, id) : null;
    if (!user) throw notFound('user.not-found', 'There is no such user.');
    return user;
  }

  /** A user within the principal's reach, of whom they may change these fields. */
  private async requireToWrite(id: string, principal: Principal, fields: readonly string[]): Promise<UserAccount> {
    const user = await this.require(id);
    await requireReach(principal, user, this.door.book);
    requireFields(principal, WRITE, { name: user.userName }, fields);
    return user;
  }

  /** Does something to a user who is within the principal's reach, and records it. */
  private async write(
    id: string,
    action: string,
    principal: Principal,
    work: (transaction: EntityManager, user: UserAccount) => Promise<UserAccount | null>,
  ): Promise<UserAccount | null> {
    const before = await this.requireToWrite(id, principal, []);
    const after = await this.manager.transaction(async (transaction) => {
      const done = await work(transaction, before);
      await recordChange(transaction, action, before, done);
      return done;
    });
    this.door.authenticator.forget(id);
    return after;
  }

  private async requireAnotherAdministrator(transaction: EntityManager, { administrator, enabled }: UserAccount): Promise<void> {
    if (!administrator || !enabled) return;
    if ((await countAdministrators(transaction)) > 1) return;
    throw new RequestRefused('user.last-administrator', 'This is the only administrator who can log in: make another one first.', 409);
  }
}

const WRITE = { action: 'write', subject: 'User' } as const;
/** Fields that not everybody who sees a user may see. */
const CONTACT = ['email', 'phone'] as const;

const readable = <View extends { readonly userName: string }>(principal: Principal, user: View): View =>
  withReadableFields(principal, 'User', { name: user.userName }, user);

const subjectOf = ({ id, userName }: UserAccount) => ({ kind: 'User', id, name: userName });

const recordChange = (transaction: EntityManager, action: string, before: UserAccount, after: UserAccount | null): Promise<void> =>
  audit.record(transaction, {
    action,
    subject: subjectOf(before),
    before: UserView.parse(before),
    after: after && UserView.parse(after),
  });

/** Members that were given; an absent one changes nothing. */
const defined = <Body extends object>(body: Body): { [Key in keyof Body]: Exclude<Body[Key], undefined> } =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as never;

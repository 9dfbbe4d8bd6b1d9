import { issueToken, type Authenticator, type Principal, type RightsBook } from '@orderlines/auth';
import type { NewTokenBody, TokenMade, TokenView } from '@orderlines/contracts';
import { audit, findApiToken, listApiTokens, revokeApiToken, type ApiToken, type UserAccount } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { notFound, RequestRefused } from '../problems/request-refused.js';
import { requireReach } from '../user/reach.js';

const DAY_MS = 24 * 3_600_000;
/** Tokens of one user that can be used at a time. */
const MAX_TOKENS = 100;

/** Tokens of machines and of the command line; those of sessions are none of them. */
export class Tokens {
  constructor(
    private readonly manager: EntityManager,
    private readonly authenticator: Authenticator,
    private readonly book: RightsBook,
  ) {}

  /** Tokens of a user that can be used, newest first; `currentId` is the one that asks. */
  async list(userId: string, currentId: string): Promise<TokenView[]> {
    const tokens = await listApiTokens(this.manager, { userId, kinds: ['api', 'login'] });
    return tokens.map((token) => toView(token, currentId));
  }

  /** Makes a token of a user; with it they, or a machine, may do what its rules and its owner may. */
  async make({ id, userName }: UserAccount, { name, expiresInDays, rules, purpose }: NewTokenBody): Promise<TokenMade> {
    const own = await listApiTokens(this.manager, { userId: id, kinds: ['api', 'login'] });
    if (own.length >= MAX_TOKENS) {
      throw new RequestRefused('token.too-many', `There are ${MAX_TOKENS} tokens of this user already: revoke one first.`, 409);
    }
    return this.manager.transaction(async (transaction) => {
      const kind = { kind: purpose, rules: rules ?? null };
      const { token, kept } = await issueToken(transaction, id, name, expiresInDays * DAY_MS, kind);
      const view = toView(kept, '');
      await audit.record(transaction, {
        action: 'create',
        subject: { kind: 'Token', id: kept.id, name },
        after: { ...view, owner: userName },
      });
      return { ...view, token };
    });
  }

  /** Makes a token of a service account for somebody who looks after it. */
  async makeFor(owner: UserAccount, body: NewTokenBody, principal: Principal): Promise<TokenMade> {
    await requireReach(principal, owner, this.book);
    if (owner.kind !== 'service') throw new RequestRefused('token.of-a-person', 'People make their tokens themselves.', 409);
    return this.make(owner, body);
  }

  /** Makes a token of a user useless from now on. */
  async revoke({ id: userId, userName }: UserAccount, id: string): Promise<void> {
    const token = z.uuid().safeParse(id).success ? await findApiToken(this.manager, userId, id) : null;
    if (!token || token.kind === 'session') throw notFound('token.not-found', 'There is no such token.');
    await this.manager.transaction(async (transaction) => {
      if (!(await revokeApiToken(transaction, id))) return;
      const subject = { kind: 'Token', id, name: token.name };
      await audit.record(transaction, { action: 'revoke', subject, before: { ...toView(token, ''), owner: userName } });
    });
    this.authenticator.forget(userId);
  }
}

const toView = ({ id, name, kind, createdAt, expiresAt, lastUsedAt, rules }: ApiToken, currentId: string): TokenView => ({
  ...{ id, name, rules, purpose: kind === 'login' ? 'login' : 'api', current: id === currentId },
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});

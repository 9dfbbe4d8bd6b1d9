import { grantsOf, standingOf, type AccessMode, type Grant, type GrantSource, type Principal, type RightsBook } from '@orderlines/auth';
import {
  describeAction,
  meets,
  type ExplainRightQuery,
  type GrantView,
  type OwnRights,
  type RightExplanation,
  type RightHolders,
  type RightHoldersQuery,
  type Subject,
  type SubjectObject,
  type UserAccess,
  type UserAccessBody,
} from '@orderlines/contracts';
import {
  changeUserAccess,
  findSubjectObject,
  readHolders,
  readUserAccess,
  type HeldByUser,
  type Holder,
  type Policy,
} from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { notFound, RequestRefused } from '../problems/request-refused.js';

/** Users that are judged at a time. */
const AT_ONCE = 500;

/** A right in question: an action on a thing, or on any of its kind. */
interface Question {
  readonly action: never;
  readonly subject: Subject;
  readonly object: SubjectObject | undefined;
}

/** What users hold, and what they may do by it. */
export class UserRights {
  constructor(
    private readonly manager: EntityManager,
    private readonly book: RightsBook,
  ) {}

  /** What the principal may do, for pages that show only that. */
  own({ roles, groups, rights }: Principal): OwnRights {
    return { roles: [...roles], groups: [...groups], rules: rights.rules.map((rule) => ({ ...rule })) };
  }

  /** What a user holds, and every rule that counts for them. */
  async get(user: string): Promise<UserAccess> {
    return this.withGrants(await this.require(user));
  }

  /** Gives a user other roles, groups or another department. */
  async change(user: string, body: UserAccessBody): Promise<UserAccess> {
    const held = await changeUserAccess(this.manager, user, body);
    if (held === null) throw noSuchUser(user);
    return this.withGrants(held);
  }

  /** Why a user may do something, or why not. */
  async explain({ user, ...right }: ExplainRightQuery): Promise<RightExplanation> {
    const question = await this.questionOf(right);
    const held = await this.require(user);
    const holder = toHolder(held);
    const shut = held.enabled ? 'has not been let in yet' : 'is disabled';
    if (!held.enabled || !held.approved) return { allowed: false, text: `${held.user} ${shut}, and may do nothing.`, grants: [] };
    const { policy, mode } = await this.book.rules();
    const { grants, rights } = standingOf(holder, policy, mode);
    const allowed = rights.may(question.action, question.subject, question.object);
    const told = grants
      .filter(({ rule }) => concerns(rule, right))
      .map((grant) => ({ ...toGrantView(grant), effect: effectOf(grant, question, holder) }));
    return { allowed, text: textOf(holder, question, allowed, told), grants: told };
  }

  /** Users who may do something, by name. */
  async holders({ limit, cursor = '', ...right }: RightHoldersQuery): Promise<RightHolders> {
    const question = await this.questionOf(right);
    const { policy, mode } = await this.book.rules();
    const found: Holder[] = [];
    for (let after = cursor; found.length <= limit;) {
      const some = await readHolders(this.manager, after, AT_ONCE);
      found.push(...some.filter((holder) => may(holder, policy, mode, question)));
      const last = some.at(-1);
      if (last === undefined || some.length < AT_ONCE) break;
      after = last.userName;
    }
    const shown = found.slice(0, limit);
    const items = shown.map(({ userName, administrator }) => ({ user: userName, administrator }));
    return { items, nextCursor: found.length > limit ? (shown.at(-1)?.userName ?? null) : null };
  }

  private async withGrants(holder: HeldByUser): Promise<UserAccess> {
    const { policy, mode } = await this.book.rules();
    const { id: _id, enabled: _enabled, approved: _approved, ...held } = holder;
    return { ...held, grants: grantsOf(toHolder(holder), policy, mode).map(toGrantView) };
  }

  private async require(user: string): Promise<HeldByUser> {
    const held = await readUserAccess(this.manager, user);
    if (held === null) throw noSuchUser(user);
    return held;
  }

  private async questionOf({ action, subject, object, namespace }: Omit<ExplainRightQuery, 'user'>): Promise<Question> {
    const found = object === undefined ? undefined : await findSubjectObject(this.manager, subject, object);
    if (object !== undefined && !found) {
      throw new RequestRefused('request.invalid', `There is no ${subject} "${object}", or it cannot be named here.`, 422);
    }
    return { action: action as never, subject, object: found ?? (namespace === undefined ? undefined : { namespace }) };
  }
}

const toHolder = ({ id, user, administrator, roles, groups }: HeldByUser): Holder => ({ id, userName: user, administrator, roles, groups });

const may = (holder: Holder, policy: Policy, mode: AccessMode, { action, subject, object }: Question): boolean =>
  standingOf(holder, policy, mode).rights.may(action, subject, object);

const toGrantView = ({ rule, from }: { readonly rule: Grant['rule']; readonly from: GrantSource }): GrantView => ({
  rule,
  role: from.role ?? null,
  group: from.group ?? null,
  namespace: from.namespace ?? null,
  everybody: from.everybody ?? false,
});

const concerns = (rule: Grant['rule'], { action, subject }: { readonly action: string; readonly subject: string }): boolean =>
  (rule.action === 'manage' || rule.action === action) && (rule.subject === 'all' || rule.subject === subject);

const effectOf = ({ rule }: Grant, { object }: Question, { userName }: Holder): RightExplanation['grants'][number]['effect'] => {
  const conditions = JSON.parse(JSON.stringify(rule.conditions ?? {}).replaceAll('"$me"', JSON.stringify(userName))) as NonNullable<
    typeof rule.conditions
  >;
  const isMet = object === undefined ? !rule.inverted || rule.conditions === undefined : meets(conditions, object);
  if (!isMet) return 'does-not-concern';
  return rule.inverted ? 'forbids' : 'allows';
};

const textOf = (
  { userName, administrator }: Holder,
  { action, subject }: Question,
  allowed: boolean,
  told: RightExplanation['grants'],
): string => {
  const what = describeAction(action, subject);
  if (administrator) return `${userName} may ${what}: an administrator may do everything.`;
  const sources = (effect: string) =>
    [
      ...new Set(
        told
          .filter((grant) => grant.effect === effect)
          .map(({ role, group }) => [group && `group ${group}`, role && `role ${role}`].filter(Boolean).join(', ')),
      ),
    ].join('; ');
  if (allowed) return `${userName} may ${what}: allowed by ${sources('allows')}.`;
  const forbidden = sources('forbids');
  if (forbidden !== '') return `${userName} may not ${what}: forbidden by ${forbidden}.`;
  return told.length === 0
    ? `${userName} may not ${what}: no role or group gives the right "${String(action)} ${subject}".`
    : `${userName} may not ${what}: ${sources('does-not-concern')} gives it, but not for this.`;
};

const noSuchUser = (user: string) => notFound('user.not-found', `There is no user ${user} that you may see.`);

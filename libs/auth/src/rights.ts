import { createMongoAbility, subject as typed, type MongoAbility, type RawRuleOf } from '@casl/ability';
import {
  attributesOf,
  labelOf,
  MYSELF,
  SUBJECT_NAMES,
  type ActionOf,
  type ConditionTest,
  type PermissionRule,
  type RowLimits,
  type RuleConditions,
  type Subject,
  type SubjectAttribute,
  type SubjectObject,
} from '@orderlines/contracts';

/** A rule as CASL takes it. */
export type AbilityRule = RawRuleOf<MongoAbility>;

/** What somebody may do. Whatever no rule allows is forbidden, and what one forbids is not allowed by another. */
export class Rights {
  private constructor(
    /** The rules, for a console that decides what to show. */
    readonly rules: readonly AbilityRule[],
    private readonly abilities: readonly MongoAbility[],
  ) {}

  /** The rights that rules give to the user of that name. */
  static of(rules: readonly PermissionRule[], userName: string): Rights {
    const abilityRules = toAbilityRules(rules, userName);
    return new Rights(abilityRules, [createMongoAbility(abilityRules)]);
  }

  /** These rights as far as other ones allow them, too: those of a token that may do less than its user. */
  within(other: Rights): Rights {
    return new Rights(this.rules, [...this.abilities, ...other.abilities]);
  }

  /** Whether this may be done to a thing; without one, whether there may be a thing that it may be done to. */
  may<Name extends Subject>(action: ActionOf<Name>, subject: Name, object?: SubjectObject, field?: string): boolean {
    return this.abilities.every((ability) => ability.can(action, object ? typed(subject, { ...object }) : subject, field));
  }

  /** Whether this may be done to everything of a kind, also to that field. */
  mayOnAll<Name extends Subject>(action: ActionOf<Name>, subject: Name, field: string): boolean {
    return this.abilities.every((ability) => {
      const rules = ability.rulesFor(action, subject, field);
      return !rules.some(({ inverted }) => inverted) && rules.some(({ conditions }) => conditions === undefined);
    });
  }

  /** Which things this may be done to, for lists. */
  limits<Name extends Subject>(action: ActionOf<Name>, subject: Name): RowLimits {
    const limits = this.abilities.map((ability) => {
      const rules = ability.rulesFor(action, subject).filter(({ inverted, fields }) => !inverted || fields === undefined);
      const conditions = (inverted: boolean) =>
        rules.filter((rule) => rule.inverted === inverted).map((rule) => (rule.conditions ?? {}) as RuleConditions);
      return { allow: conditions(false), deny: conditions(true) };
    });
    return limits.filter(({ allow, deny }) => deny.length > 0 || !allow.some(isEverything));
  }
}

const isEverything = (conditions: RuleConditions): boolean => Object.keys(conditions).length === 0;

/** The later rule wins in CASL: what forbids stands behind all that allows. */
const toAbilityRules = (rules: readonly PermissionRule[], userName: string): AbilityRule[] =>
  rules
    .toSorted((one, other) => Number(one.inverted ?? false) - Number(other.inverted ?? false))
    .map(({ action, subject, conditions, fields, inverted, reason }) => ({
      action,
      subject: subject === 'all' && conditions ? subjectsWith(conditions) : subject,
      ...(conditions && { conditions: withoutMyself(conditions, userName) }),
      ...(fields && { fields }),
      ...(inverted && { inverted }),
      ...(reason !== undefined && { reason }),
    }));

/** Conditions on everything concern only what has these attributes. */
const subjectsWith = (conditions: RuleConditions): Subject[] => {
  const named = Object.keys(conditions).map((name) => (labelOf(name) === undefined ? name : 'labels') as SubjectAttribute);
  return SUBJECT_NAMES.filter((subject) => named.every((name) => attributesOf(subject).includes(name)));
};

const withoutMyself = (conditions: RuleConditions, userName: string): RuleConditions =>
  Object.fromEntries(Object.entries(conditions).map(([attribute, test]) => [attribute, named(test, userName)]));

const named = (test: ConditionTest, userName: string): ConditionTest => {
  const name = (value: string) => (value === MYSELF ? userName : value);
  if (typeof test === 'string') return name(test);
  return Object.fromEntries(
    Object.entries(test).map(([operator, value]: [string, string | string[]]) => [
      operator,
      typeof value === 'string' ? name(value) : value.map(name),
    ]),
  ) as ConditionTest;
};

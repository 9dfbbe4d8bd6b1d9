import { isNamespaced, meets, type PermissionRule, type Subject, type SubjectObject } from '@orderlines/contracts';
import type { HeldRole, Holder, Policy } from '@orderlines/persistence';
import fc from 'fast-check';
import { ACCESS_MODES, type AccessMode } from './grants.js';
import { standingOf } from './rights-book.js';

const SUBJECTS = ['Process', 'Secret', 'User'] as const satisfies readonly Subject[];
const OBJECTS: Readonly<Record<(typeof SUBJECTS)[number], readonly SubjectObject[]>> = {
  Process: [
    { namespace: 'shop', name: 'a', owner: 'ann', labels: {} },
    { namespace: 'shop', name: 'a', owner: 'bob', labels: { team: 'red' } },
    { namespace: 'bank', name: 'b', owner: 'ann', labels: { team: 'blue' } },
  ],
  Secret: [
    { namespace: 'shop', name: 'a' },
    { namespace: 'bank', name: 'b' },
  ],
  User: [{ name: 'ann' }, { name: 'bob' }],
};

/** The same said in other words, straight from the rules of the book: no CASL, no order of rules. */
const mayByTheBook = (
  holder: Holder,
  policy: Policy,
  mode: AccessMode,
  action: string,
  subject: Subject,
  object: SubjectObject,
  field?: string,
): boolean => {
  if (holder.administrator) return true;
  const held: { rule: PermissionRule; namespace: string | null }[] = [];
  const hold = ({ role, namespace }: HeldRole) => {
    for (const rule of policy.roles.get(role) ?? []) held.push({ rule, namespace });
  };
  if (mode !== 'groups') holder.roles.forEach(hold);
  if (mode !== 'roles') {
    for (const name of holder.groups) {
      for (const rule of policy.groups.get(name)?.rules ?? []) held.push({ rule, namespace: null });
      policy.groups.get(name)?.roles.forEach(hold);
    }
  }
  policy.defaults.forEach(hold);
  const concerning = held.filter(
    ({ rule, namespace }) =>
      (rule.action === action || rule.action === 'manage') &&
      (rule.subject === subject || rule.subject === 'all') &&
      (namespace === null || (isNamespaced(subject) && object.namespace === namespace)) &&
      (rule.subject !== 'all' || !rule.conditions || isNamespaced(subject)) &&
      meets(rule.conditions ?? {}, object) &&
      (rule.fields === undefined || (field === undefined ? !rule.inverted : rule.fields.includes(field))),
  );
  return concerning.some(({ rule }) => !rule.inverted) && !concerning.some(({ rule }) => rule.inverted);
};

const namespace = fc.constantFrom('shop', 'bank');
const rule: fc.Arbitrary<PermissionRule> = fc
  .record({
    action: fc.constantFrom('read', 'write', 'manage'),
    subject: fc.constantFrom(...SUBJECTS, 'all' as const),
    tests: fc.record({ namespace, team: fc.constantFrom('red', 'blue'), owner: fc.constant('ann') }, { requiredKeys: [] }),
    fields: fc.option(fc.subarray(['email', 'phone'], { minLength: 1 }), { nil: undefined }),
    inverted: fc.option(fc.constant(true), { freq: 3, nil: undefined }),
  })
  .map(({ action, subject, tests, fields, inverted }) => {
    const conditions = {
      ...(tests.namespace && subject !== 'User' && { namespace: tests.namespace }),
      ...(tests.team && subject === 'Process' && { 'labels.team': tests.team }),
      ...(tests.owner && subject === 'Process' && { owner: tests.owner }),
    };
    const limited = subject === 'User' && fields && { fields };
    return { action, subject, ...limited, ...(Object.keys(conditions).length > 0 && { conditions }), ...(inverted && { inverted }) };
  });

const held = fc.array(fc.record({ role: fc.constantFrom('one', 'two', 'gone'), namespace: fc.option(namespace) }), { maxLength: 2 });
const rules = fc.array(rule, { maxLength: 3 });
const policy: fc.Arbitrary<Policy> = fc
  .record({
    one: rules,
    two: rules,
    own: rules,
    heldByGroup: held,
    defaults: fc.array(fc.record({ role: fc.constant('two'), namespace }), { maxLength: 1 }),
  })
  .map(({ one, two, own, heldByGroup, defaults }) => ({
    roles: new Map([
      ['one', one],
      ['two', two],
    ]),
    groups: new Map([['crew', { rules: own, roles: heldByGroup }]]),
    defaults,
  }));
const holder: fc.Arbitrary<Holder> = fc.record({
  id: fc.constant('1'),
  userName: fc.constant('ann'),
  administrator: fc.constant(false),
  roles: held,
  groups: fc.subarray(['crew']),
});

describe('what roles and groups give', () => {
  it('is what the book says, for every role, group, namespace, mode and rule', () => {
    fc.assert(
      fc.property(holder, policy, fc.constantFrom(...ACCESS_MODES), (who, given, mode) => {
        const { rights } = standingOf(who, given, mode);
        for (const subject of SUBJECTS)
          for (const action of ['read', 'write'] as const)
            for (const object of OBJECTS[subject])
              for (const field of subject === 'User' ? [undefined, 'email', 'phone'] : [undefined]) {
                const question = { subject, action, object, field };
                const may = rights.may(action, subject, object, field);
                expect({ ...question, may }).toEqual({ ...question, may: mayByTheBook(who, given, mode, action, subject, object, field) });
              }
      }),
      { numRuns: 2_000 },
    );
  });

  it('an administrator may do everything, whatever rules forbid', () => {
    const deny: PermissionRule = { action: 'manage', subject: 'all', inverted: true };
    const { rights } = standingOf(
      { id: '1', userName: 'ann', administrator: true, roles: [{ role: 'none', namespace: null }], groups: [] },
      { roles: new Map([['none', [deny]]]), groups: new Map(), defaults: [] },
      'both',
    );
    expect(rights.may('grant', 'Permission')).toBe(true);
  });

  it('every combination of role, group and rule in the small gives what the book says', () => {
    const menu: PermissionRule[] = [
      { action: 'read', subject: 'Process' },
      { action: 'manage', subject: 'all', conditions: { namespace: 'shop' } },
      { action: 'read', subject: 'Process', conditions: { owner: 'ann' }, inverted: true },
    ];
    const sets = Array.from({ length: 2 ** menu.length }, (_, bits) => menu.filter((_rule, place) => bits & (1 << place)));
    let judged = 0;
    for (const ofRole of sets)
      for (const ofGroup of sets)
        for (const bound of [null, 'shop', 'bank'])
          for (const mode of ACCESS_MODES) {
            const who = { id: '1', userName: 'ann', administrator: false, roles: [{ role: 'one', namespace: bound }], groups: ['crew'] };
            const given: Policy = {
              roles: new Map([['one', ofRole]]),
              groups: new Map([['crew', { rules: ofGroup, roles: [] }]]),
              defaults: [],
            };
            const { rights } = standingOf(who, given, mode);
            for (const object of OBJECTS.Process) {
              judged += 1;
              if (rights.may('read', 'Process', object) !== mayByTheBook(who, given, mode, 'read', 'Process', object)) {
                throw new Error(JSON.stringify({ ofRole, ofGroup, bound, mode, object }));
              }
            }
          }
    expect(judged).toBe(8 * 8 * 3 * 3 * 3);
  });
});

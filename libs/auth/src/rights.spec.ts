import { BUILT_IN_ROLES, PermissionRule, type PermissionRule as Rule } from '@orderlines/contracts';
import { Rights } from './rights.js';

const rights = (...rules: Rule[]): Rights => Rights.of(rules, 'ann');

describe('rights', () => {
  it('what no rule allows is forbidden', () => {
    expect(rights().may('read', 'Process')).toBe(false);
    expect(rights({ action: 'read', subject: 'Process' }).may('start', 'Process')).toBe(false);
  });

  it('a rule that forbids wins over one that allows, wherever it stands', () => {
    const allow: Rule = { action: 'manage', subject: 'all' };
    const deny: Rule = { action: 'delete', subject: 'Process', inverted: true };
    for (const rules of [
      [allow, deny],
      [deny, allow],
    ]) {
      expect(rights(...rules).may('delete', 'Process')).toBe(false);
      expect(rights(...rules).may('read', 'Process')).toBe(true);
    }
  });

  it('a rule may hold in a namespace, for a label, or for what is one’s own', () => {
    const own = rights(
      { action: 'read', subject: 'Instance', conditions: { namespace: { $in: ['shop', 'web'] } } },
      { action: 'operate', subject: 'Instance', conditions: { owner: '$me' } },
      { action: 'start', subject: 'Process', conditions: { 'labels.team': 'blue' } },
    );
    expect(own.may('read', 'Instance', { namespace: 'shop', owner: 'bob' })).toBe(true);
    expect(own.may('read', 'Instance', { namespace: 'bank', owner: 'bob' })).toBe(false);
    expect(own.may('operate', 'Instance', { namespace: 'bank', owner: 'ann' })).toBe(true);
    expect(own.may('operate', 'Instance', { namespace: 'shop', owner: 'bob' })).toBe(false);
    expect(own.may('start', 'Process', { namespace: 'shop', labels: { team: 'blue' } })).toBe(true);
    expect(own.may('start', 'Process', { namespace: 'shop', labels: {} })).toBe(false);
  });

  it('conditions on everything concern only what has these attributes', () => {
    const shop = rights({ action: 'manage', subject: 'all', conditions: { namespace: 'shop' } });
    expect(shop.may('publish', 'Process', { namespace: 'shop' })).toBe(true);
    expect(shop.may('read', 'User')).toBe(false);
    expect(shop.limits('read', 'User')).toEqual([{ allow: [], deny: [] }]);
  });

  it('limits of lists are the conditions of the rules; none for whoever may see everything', () => {
    expect(rights({ action: 'read', subject: 'Process' }).limits('read', 'Process')).toEqual([]);
    const some = rights(
      { action: 'read', subject: 'Process', conditions: { owner: '$me' } },
      { action: 'read', subject: 'Process', conditions: { namespace: 'bank' }, inverted: true },
    );
    expect(some.limits('read', 'Process')).toEqual([{ allow: [{ owner: 'ann' }], deny: [{ namespace: 'bank' }] }]);
  });

  it('a token that may do less keeps to both', () => {
    const both = rights({ action: 'manage', subject: 'Process' }).within(
      rights({ action: 'read', subject: 'all', conditions: { namespace: 'shop' } }),
    );
    expect(both.may('read', 'Process', { namespace: 'shop' })).toBe(true);
    expect(both.may('read', 'Process', { namespace: 'bank' })).toBe(false);
    expect(both.may('start', 'Process', { namespace: 'shop' })).toBe(false);
    expect(both.limits('read', 'Process')).toEqual([{ allow: [{ namespace: 'shop' }], deny: [] }]);
  });

  it('the rules of the built-in roles are of the catalogue', () => {
    for (const { rules } of BUILT_IN_ROLES) for (const rule of rules) expect(PermissionRule.safeParse(rule).error).toBeUndefined();
  });

  it.each([
    [{ action: 'fly', subject: 'Process' }, 'action'],
    [{ action: 'read', subject: 'Dragon' }, 'subject'],
    [{ action: 'read', subject: 'User', conditions: { namespace: 'shop' } }, 'conditions.namespace'],
    [{ action: 'read', subject: 'all', conditions: { labels: 'x' } }, 'conditions.labels'],
    [{ action: 'read', subject: 'Process', conditions: { name: { $where: 'x' } } }, 'conditions.name'],
  ])('refuses the rule %j', (rule, place) => {
    expect(PermissionRule.safeParse(rule).error?.issues[0]?.path.join('.')).toBe(place);
  });
});

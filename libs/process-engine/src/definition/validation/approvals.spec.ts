import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { Json } from '@orderlines/contracts';
import { validate } from '../validate.js';

const problemsOf = (keys: string): string[] =>
  validate(
    parse(`
apiVersion: orderlines/v1
kind: Process
name: test
flow:
  - { id: ask, type: approval, ${keys} }
  - { id: after, type: end }`) as Json,
  ).problems.map(({ severity, code, path }) => `${severity} ${code} ${path}`);

describe('an approval in a definition', () => {
  it.each([
    'users: [alice], groups: [ops], quorum: 2, deadline: 4h, onDeadline: fail, onReject: after, message: "ok?"',
    'users: "${{ [run.startedBy] }}", quorum: all',
    'users: [alice], form: [{ name: window, type: string, enum: [day, night], default: "${{ run.origin }}" }]',
    'roles: [lead], quorum: 5',
  ])('is accepted with %s', (keys) => expect(problemsOf(keys)).toEqual([]));

  it.each([
    ['message: "ok?"', ['warning definition.nobody-named flow[0]']],
    ['quorum: all', ['error definition.invalid-value flow[0].quorum']],
    ['users: [alice, ALICE], quorum: 2', ['error definition.invalid-value flow[0].quorum']],
    ['users: alice', ['error definition.invalid-value flow[0].users']],
    ['users: [alice], deadline: 4h', ['error definition.missing-key flow[0]']],
    ['users: [alice], onDeadline: fail', ['warning definition.no-deadline flow[0].onDeadline']],
    [
      'users: [alice], deadline: 4, onDeadline: fail',
      ['error definition.quote-it flow[0].deadline', 'warning definition.no-deadline flow[0].onDeadline'],
    ],
    ['users: [alice], onReject: nowhere', ['error definition.unknown-node flow[0].onReject']],
    ['users: [alice], quorum: 0', ['error definition.invalid-value flow[0].quorum']],
    [
      'users: [alice], form: [{ name: a, type: string }, { name: a, type: integer, default: x }]',
      ['error definition.duplicate-name flow[0].form[1].name', 'error definition.invalid-value flow[0].form[1].default'],
    ],
    [
      'users: ["${{ params.who }}"], message: "${{ vars.nothing }}"',
      ['error definition.unknown-reference flow[0].users[0]', 'error definition.unknown-reference flow[0].message'],
    ],
  ])('with %s has the problems %j', (keys, expected) => expect(problemsOf(keys)).toEqual(expected));
});

import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@orderlines/contracts';
import type { Person } from '../approval/candidates.js';
import type { OperationAnswer } from '../event.js';
import { processOf, Simulation } from '../testing/index.js';
import type { PlayedAnswer } from '../testing/script.js';

const asking = (keys: string, rest = ''): Simulation =>
  new Simulation(processOf(`flow: [{ id: ask, type: approval, ${keys} }, { id: after, uses: log }${rest}]`));
const gives = (run: Simulation, by: string, more: Omit<PlayedAnswer, 'by' | 'after'> = {}): OperationAnswer =>
  run.answer(run.row('ask'), { by, after: 0, ...more });
const answersOf = (run: Simulation): unknown => (run.row('ask').result as JsonObject)['answers'];

describe('an approval', () => {
  it('waits until somebody who is named approves, and shows who said what and when', () => {
    const run = asking('users: [alice, bob], message: "Ship ${{ run.process }}?"');
    expect(run.row('ask')).toMatchObject({ status: 'WAITING', input: { message: 'Ship test?', candidates: ['user:alice', 'user:bob'] } });
    run.play(5_000);
    expect(gives(run, 'user:Bob', { comment: 'go' })).toMatchObject({
      accepted: true,
      approval: { decision: 'approved', have: 1, need: 1 },
    });
    expect(run.play().outcome).toEqual(['ask SUCCESS', 'after SUCCESS']);
    expect(run.row('ask').result).toEqual({
      decision: 'approved',
      answers: [{ user: 'Bob', decision: 'approve', comment: 'go', values: {}, at: '1970-01-01T00:00:05.000Z' }],
      values: {},
    });
  });

  it('is written down as an operation of the person who answered', () => {
    const run = asking('users: [alice]');
    gives(run, 'user:alice', { comment: 'fine' });
    const facts = run.store.history.flatMap((entry) => entry.facts).filter((fact) => fact.type === 'operation');
    expect(facts).toEqual([
      expect.objectContaining({
        name: 'answer',
        actor: 'alice',
        detail: expect.objectContaining({ path: 'ask', decision: 'approve', comment: 'fine' }),
      }),
    ]);
  });

  it.each([
    ['any', ['user:alice'], 'SUCCESS'],
    ['2', ['user:alice'], 'WAITING'],
    ['2', ['user:alice', 'user:bob'], 'SUCCESS'],
    ['all', ['user:alice', 'user:bob'], 'WAITING'],
    ['all', ['user:alice', 'user:bob', 'user:carol'], 'SUCCESS'],
    ['all', ['user:alice', 'administrator:root', 'user:carol'], 'SUCCESS'],
    ['2', ['user:alice', 'administrator:root'], 'SUCCESS'],
  ])('with quorum %s and answers of %j is %s', (quorum, people, status) => {
    const run = asking(`users: [alice, bob, carol], quorum: ${quorum}`);
    for (const by of people) gives(run, by);
    expect(run.row('ask').status).toBe(status);
  });

  it('is rejected by one rejection, whatever the quorum; its strategies apply', () => {
    const run = asking('users: [alice, bob], quorum: all');
    gives(run, 'user:alice');
    gives(run, 'user:bob', { rejects: true, comment: 'not on a Friday' });
    expect(run.play().status).toBe('FAILURE');
    expect(run.run.error).toMatchObject({ reason: 'user', code: 'approval.rejected', message: 'ask: Rejected by bob: not on a Friday' });
    expect(run.row('ask').result).toMatchObject({ decision: 'rejected', answers: [{ user: 'alice' }, { user: 'bob' }] });
  });

  it('goes where it says when it is rejected, and only there', () => {
    const run = asking(
      'users: [alice], onReject: redo, retry: { limit: 3 }, callbacks: [{ states: [FAILURE], uses: tell }]',
      ', { id: done, type: end }, { id: redo, uses: log, with: { why: "${{ tasks.ask.error.message }}", failed: "${{ tasks.ask.failed }}" } }',
    );
    gives(run, 'user:alice', { rejects: true });
    expect(run.play().outcome).toEqual(['ask FAILURE', 'redo SUCCESS']);
    expect(run.status).toBe('SUCCESS');
    expect(run.row('redo').input).toEqual({ why: 'Rejected by alice.', failed: true });
    expect(run.callbacks).toEqual(['tell SUCCESS']);
  });

  it('fails at its deadline with timeout.run, never consents by silence', () => {
    const run = asking('users: [alice, bob], quorum: 2, deadline: 4h, onDeadline: fail');
    gives(run, 'user:alice');
    expect(run.play().status).toBe('FAILURE');
    expect(run.row('ask')).toMatchObject({ status: 'FAILURE', reason: 'timeout.run', finishedAt: 4 * 3_600_000 });
    expect(run.row('ask').result).toMatchObject({ decision: 'expired', answers: [{ user: 'alice' }] });
    expect(run.run.error?.message).toBe('ask: It had 1 of 2 approvals at its deadline.');
  });

  it('goes where it says at its deadline', () => {
    const run = asking(
      'users: [alice], deadline: 1h, onDeadline: remind',
      ', { id: done, type: end }, { id: remind, uses: log, next: ask }',
    );
    run.play(3_600_000 + 2_000);
    expect(run.outcome).toEqual(['ask FAILURE', 'remind SUCCESS', 'ask WAITING']);
    gives(run, 'user:alice');
    expect(run.play().status).toBe('SUCCESS');
  });

  it('has a deadline that stands still while the run is paused', () => {
    const run = asking('users: [alice], deadline: 1h, onDeadline: fail').play(600_000);
    run.operate({ name: 'pause' });
    run.play(10_000_000);
    expect(run.row('ask')).toMatchObject({ status: 'WAITING', deadlineAt: null });
    run.operate({ name: 'resume' });
    expect(run.row('ask').deadlineAt).toBe(10_000_000 + 3_000_000);
    expect(run.row('ask').waitsFor).toMatchObject({
      kind: 'approval',
      by: ['user:alice'],
      answered: 0,
      needed: 1,
      until: '1970-01-01T03:36:40.000Z',
    });
  });

  it('can be answered during a pause; the flow goes on with the resume', () => {
    const run = asking('users: [alice]');
    run.operate({ name: 'pause' });
    gives(run, 'user:alice');
    expect(run.play(10_000).outcome).toEqual(['ask SUCCESS']);
    run.operate({ name: 'resume' });
    expect(run.play().outcome).toEqual(['ask SUCCESS', 'after SUCCESS']);
  });

  it('ends with a stop, and keeps the answers it had', () => {
    const run = asking('users: [alice, bob], quorum: 2');
    gives(run, 'user:alice');
    run.operate({ name: 'stop' });
    expect(run.status).toBe('STOP');
    expect(run.row('ask')).toMatchObject({ status: 'STOP', result: { decision: null, answers: [{ user: 'alice' }] } });
  });

  it('ends with the time-out of its group', () => {
    const run = new Simulation(
      processOf('flow: [{ id: g, type: group, timeout: 5s, flow: [{ id: ask, type: approval, users: [alice] }] }]'),
    );
    expect(run.play().run.error?.reason).toBe('timeout.run');
    expect(run.row('ask').status).toBe('STOP');
  });

  it('asks anew in every round: answers of the last one do not count, and late ones are refused', () => {
    const run = asking('users: [alice, bob], quorum: 2, retry: { limit: 1, delay: 10s }');
    const first = run.row('ask');
    gives(run, 'user:alice');
    gives(run, 'user:bob', { rejects: true });
    run.play(11_000);
    expect(run.row('ask')).toMatchObject({ status: 'WAITING', attempt: 2 });
    expect(answersOf(run)).toEqual([]);
    expect(run.answer(first, { by: 'user:alice', after: 0 })).toMatchObject({ accepted: false, code: 'approval.round-over' });
    gives(run, 'user:alice');
    gives(run, 'user:bob');
    expect(run.play().status).toBe('SUCCESS');
    expect(run.store.attempts).toMatchObject([
      { attempt: 1, result: { decision: 'rejected', answers: [{ user: 'alice' }, { user: 'bob' }] } },
    ]);
  });
});

describe('who may answer', () => {
  it.each<[string, string, Partial<Person>, string | true]>([
    ['users: [alice]', 'ALICE', {}, true],
    ['users: [alice]', 'bob', {}, 'approval.not-a-candidate'],
    ['users: [alice]', 'root', { administrator: true }, true],
    ['roles: [lead]', 'bob', { roles: ['lead'] }, true],
    ['groups: [ops]', 'bob', { groups: ['ops'] }, true],
    ['groups: [ops]', 'ops', {}, 'approval.not-a-candidate'],
    ['quorum: 1', 'alice', {}, 'approval.not-a-candidate'],
    ['quorum: 1', 'root', { administrator: true }, true],
    ['users: [tester], noSelfApproval: true', 'tester', {}, 'approval.own-run'],
    ['users: [tester]', 'tester', {}, true],
    ['groups: [ops], noSelfApproval: true', 'Tester', { groups: ['ops'], administrator: true }, 'approval.own-run'],
    ['users: "${{ [run.startedBy, \'bob\'] }}"', 'bob', {}, true],
  ])('of an approval with %s: %s %j', (keys, userName, more, expected) => {
    const run = asking(keys);
    const person = { userName, administrator: false, roles: [], groups: [], ...more };
    const given = run.operate({ name: 'answer', taskInstanceId: run.row('ask').id, decision: 'approve', comment: '', values: {}, person });
    expect(given.accepted || given.code).toBe(expected);
  });

  it('a role and a group count for all as soon as one of theirs approves', () => {
    const run = asking('roles: [lead], groups: [ops], quorum: all');
    const person = { userName: 'bob', administrator: false, roles: ['lead'], groups: ['ops'] };
    const given = run.operate({ name: 'answer', taskInstanceId: run.row('ask').id, decision: 'approve', comment: '', values: {}, person });
    expect(given).toMatchObject({ approval: { have: 2, need: 2, decision: 'approved' } });
  });

  it('fails the node when what should give names does not', () => {
    const run = asking('users: "${{ [7] }}"').play();
    expect(run.row('ask')).toMatchObject({ status: 'FAILURE', reason: 'expression' });
  });
});

describe('an answer', () => {
  const FORM = `form: [{ name: window, type: string, enum: [day, night], required: true }, { name: nodes, type: integer, max: 9, default: "\${{ 1 + 2 }}" }]`;

  it('brings the form, converted and with its defaults, to the nodes behind', () => {
    const run = asking(`users: [alice], ${FORM}`, ', { id: use, uses: log, with: { v: "${{ tasks.ask.result.values }}" } }');
    expect(run.row('ask').input).toMatchObject({ form: [{ name: 'window' }, { name: 'nodes', default: 3 }] });
    gives(run, 'user:alice', { values: { window: 'night' } });
    expect(run.play().row('use').input).toEqual({ v: { window: 'night', nodes: 3 } });
  });

  it('with a wrong form is refused with all problems at once', () => {
    const run = asking(`users: [alice], ${FORM}`);
    const given = gives(run, 'user:alice', { values: { nodes: '12', windo: 'day' } });
    expect(given).toMatchObject({
      accepted: false,
      code: 'approval.invalid-values',
      problems: [
        { code: 'values.unknown', path: 'values.windo', message: 'the form has no field `windo`; did you mean `window`?' },
        { code: 'values.required', path: 'values.window' },
        { code: 'values.invalid', path: 'values.nodes' },
      ],
    });
    expect(answersOf(run)).toEqual([]);
  });

  it('that rejects needs no form', () => {
    const run = asking(`users: [alice], ${FORM}`);
    expect(gives(run, 'user:alice', { rejects: true }).accepted).toBe(true);
  });

  it('can be repeated but not changed', () => {
    const run = asking('users: [alice, bob], quorum: 2');
    gives(run, 'user:alice', { comment: 'yes' });
    expect(gives(run, 'user:Alice', { comment: 'yes' })).toMatchObject({ accepted: true, approval: { have: 1, need: 2 } });
    expect(gives(run, 'user:alice', { comment: 'no', rejects: true })).toMatchObject({
      accepted: false,
      code: 'approval.answered',
      status: 'RUNNING',
    });
    expect(run.row('ask')).toMatchObject({ status: 'WAITING', result: { answers: [{ user: 'alice', comment: 'yes' }] } });
  });

  it('to what has ended, or asks nobody, is refused', () => {
    const run = asking('users: [alice]');
    gives(run, 'user:alice');
    run.play();
    expect(gives(run, 'user:alice')).toMatchObject({ accepted: false, code: 'approval.closed', status: 'SUCCESS' });
    expect(run.answer(run.row('after'), { by: 'user:alice', after: 0 })).toMatchObject({ accepted: false, code: 'approval.not-one' });
  });

  it('to a callback is refused', () => {
    const run = new Simulation(processOf('flow: []\ncallbacks: [{ states: [SUCCESS], uses: tell }]'));
    const callback = run.rows.find(({ kind }) => kind === 'callback');
    if (!callback) throw new Error('no callback');
    expect(run.answer(callback, { by: 'user:alice', after: 0 })).toMatchObject({ accepted: false, code: 'approval.not-one' });
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  allowedOnRun,
  allowedOnTask,
  allowsAction,
  DEBUG_RULES,
  RUN_STANDINGS,
  runStanding,
  TASK_STANDINGS,
  taskStanding,
} from './matrix.js';

const task = { type: 'task', isEnding: false, hasRaised: false };

describe('the table of operations', () => {
  it('says for every standing of a run what is allowed', () => {
    expect(RUN_STANDINGS.map((standing) => [standing, ...allowedOnRun(standing)])).toEqual([
      ['PENDING', 'stop'],
      ['RUNNING', 'stop', 'pause'],
      ['PAUSED', 'stop', 'resume', 'set-variable'],
      ['ENDING', 'stop'],
      ['SUCCESS', 'restart', 'rerun'],
      ['FAILURE', 'restart', 'rerun'],
      ['STOP', 'restart', 'rerun'],
    ]);
  });

  it('says that a debugged run that goes on can be debugged, and what of that a pause leaves', () => {
    const debuggable = RUN_STANDINGS.filter((standing) => allowedOnRun(standing, true).includes('debug'));
    expect(debuggable).toEqual(['RUNNING', 'PAUSED', 'ENDING']);
    const actions = Object.keys(DEBUG_RULES) as (keyof typeof DEBUG_RULES)[];
    expect(actions.filter((action) => allowsAction('PAUSED', { action }))).toEqual(['inputs', 'variables', 'breakpoints', 'stop']);
    expect(actions.filter((action) => !allowsAction('RUNNING', { action }))).toEqual([]);
  });

  it.each([
    [
      'task',
      [
        ['PENDING', 'skip', 'fail', 'succeed', 'stop'],
        ['RUNNING', 'fail', 'succeed', 'stop'],
        ['OPEN', 'fail', 'stop'],
        ['STOPPING'],
        ['WAITING', 'skip', 'fail', 'succeed', 'stop'],
        ['RETRY', 'retry', 'skip', 'fail', 'succeed', 'stop'],
        ['HELD', 'retry', 'skip', 'succeed', 'raise'],
        ['RAISED', 'retry', 'skip', 'succeed'],
        ['SUCCESS'],
        ['FAILURE'],
        ['SKIP'],
        ['STOP'],
      ],
    ],
    [
      'switch',
      [
        ['PENDING', 'skip', 'fail', 'stop'],
        ['RUNNING', 'fail', 'stop'],
        ['OPEN', 'fail', 'stop'],
        ['STOPPING'],
        ['WAITING', 'skip', 'fail', 'stop', 'choose'],
        ['RETRY', 'retry', 'skip', 'fail', 'stop'],
        ['HELD', 'retry', 'skip', 'choose', 'raise'],
        ['RAISED', 'retry', 'skip', 'choose'],
        ['SUCCESS'],
        ['FAILURE'],
        ['SKIP'],
        ['STOP'],
      ],
    ],
  ])('says for every standing of a %s what is allowed', (type, expected) => {
    expect(TASK_STANDINGS.map((standing) => [standing, ...allowedOnTask(standing, type)])).toEqual(expected);
  });

  it('lets an approval that waits be answered, and a wait be signalled', () => {
    expect(allowedOnTask('WAITING', 'approval')).toContain('answer');
    expect(allowedOnTask('WAITING', 'wait')).toContain('signal');
  });
});

describe('a standing', () => {
  it('of a run is its status, or ENDING on its way out', () => {
    expect(runStanding('RUNNING', 'body')).toBe('RUNNING');
    expect(runStanding('RUNNING', 'stopping')).toBe('ENDING');
    expect(runStanding('PAUSED', 'teardown')).toBe('ENDING');
    expect(runStanding('FAILURE', 'done')).toBe('FAILURE');
  });

  it.each([
    [{ ...task, status: 'PENDING' }, 'PENDING'],
    [{ ...task, status: 'RUNNING' }, 'RUNNING'],
    [{ ...task, status: 'RUNNING', type: 'group' }, 'OPEN'],
    [{ ...task, status: 'RUNNING', type: 'group', isEnding: true }, 'STOPPING'],
    [{ ...task, status: 'RUNNING', isEnding: true }, 'STOPPING'],
    [{ ...task, status: 'WAITING', type: 'process', isEnding: true }, 'STOPPING'],
    [{ ...task, status: 'FAILURE' }, 'FAILURE'],
    [{ ...task, status: 'FAILURE', waitsFor: 'operator' }, 'HELD'],
    [{ ...task, status: 'FAILURE', hasRaised: true }, 'RAISED'],
    [{ ...task, status: 'STOP' }, 'STOP'],
  ] as const)('of a task instance %j is %s', (taskAtHand, standing) => {
    expect(taskStanding(taskAtHand)).toBe(standing);
  });
});

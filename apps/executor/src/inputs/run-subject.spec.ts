import { RUNS } from '@orderlines/messaging';
import { randomUUID } from 'node:crypto';
import { readRunSubject } from './run-subject.js';

describe('a subject of RUNS', () => {
  it('names the run and the task it is about', () => {
    const [instanceId, taskInstanceId] = [randomUUID(), randomUUID()];
    const subject = `${RUNS.prefix(7, 'default', instanceId, taskInstanceId, 2)}.finished`;
    expect(readRunSubject(subject)).toEqual({ instanceId, taskInstanceId, kind: 'finished' });
  });

  it.each(['runs', 'runs.1.default.x.y.1.finished', 'tasks.default.any.a.b', `${RUNS.prefix(1, 'q', randomUUID(), randomUUID(), 1)}`])(
    'is not `%s`',
    (subject) => expect(readRunSubject(subject)).toBeNull(),
  );
});

import { randomUUID } from 'node:crypto';
import { sealFor, SessionKey } from './session-box.js';

describe('what an executor seals for a session', () => {
  const dispatch = { taskInstanceId: randomUUID(), attempt: 1, dispatch: 1 };
  const session = new SessionKey();

  it('is opened by that session for that dispatch', () => {
    expect(session.open(sealFor(session.publicKey, 'geheim', dispatch), dispatch)).toBe('geheim');
  });

  it('is not opened by another session, for another dispatch, or when it was changed', () => {
    const box = sealFor(session.publicKey, 'geheim', dispatch);
    expect(() => new SessionKey().open(box, dispatch)).toThrow();
    expect(() => session.open(box, { ...dispatch, dispatch: 2 })).toThrow();
    expect(() => session.open({ ...box, box: `A${box.box.slice(1)}B` }, dispatch)).toThrow();
  });

  it('looks different every time', () => {
    expect(sealFor(session.publicKey, 'x', dispatch)).not.toEqual(sealFor(session.publicKey, 'x', dispatch));
  });
});

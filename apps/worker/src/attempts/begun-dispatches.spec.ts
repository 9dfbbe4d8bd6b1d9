import { BegunDispatches } from './begun-dispatches.js';

const dispatch = { taskInstanceId: 'task', attempt: 1, dispatch: 1 };

describe('what a session has begun', () => {
  it('is not begun again when a copy is granted, and another dispatch is', () => {
    const begun = new BegunDispatches();
    expect([dispatch, dispatch, { ...dispatch, dispatch: 2 }, { ...dispatch, attempt: 2 }].map((each) => begun.begins(each))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('is remembered while it is held, and for a minute afterwards', () => {
    let now = 0;
    const begun = new BegunDispatches(() => now);
    begun.begins(dispatch);
    now = 3_600_000;
    begun.forget(() => true);
    now += 60_000;
    begun.forget(() => false);
    expect(begun.begins(dispatch)).toBe(false);
    now += 1;
    begun.forget(() => false);
    expect(begun.begins(dispatch)).toBe(true);
  });
});

import { ReleaseWindow } from './release-window.js';

const entry = (number: number) => ({
  namespace: 'default',
  instanceId: `run-${number % 3}`,
  taskInstanceId: `task-${number}`,
  attempt: 1,
  dispatch: 1,
  outgoing: null,
});
const filled = (tasks: number) => {
  const window = new ReleaseWindow();
  for (let number = 0; number < tasks; number++) window.add(entry(number));
  return window;
};

describe('the release window of a queue', () => {
  it('lets 200 out without workers, twice the slots with many, and the next one for each that was claimed', () => {
    const window = filled(1_000);
    expect(window.release()).toHaveLength(200);
    expect(window.release()).toHaveLength(0);
    window.setSlots(150);
    expect(window.release()).toHaveLength(100);
    expect(window.remove('task-0')).toBe(true);
    expect(window.release()).toHaveLength(1);
  });

  it('gives room back when the server holds fewer unclaimed messages than it believed', () => {
    const window = filled(500);
    window.release();
    window.correct(50);
    expect(window.outstanding).toBe(50);
    expect(window.release()).toHaveLength(150);
  });

  it('knows what waits and what was published lately, until the stream is made anew', () => {
    const window = filled(201);
    window.release();
    expect(window.knows('task-0', 30_000)).toBe(true);
    expect(window.knows('unheard of', 30_000)).toBe(false);
    window.forgetPublished();
    expect(window.knows('task-0', 30_000)).toBe(false);
    expect(window.hasWaiting).toBe(true);
  });
});

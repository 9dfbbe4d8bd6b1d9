import { FairQueue } from './fair-queue.js';

const entry = (namespace: string, instanceId: string, taskInstanceId: string) => ({ namespace, instanceId, taskInstanceId });
const drain = (queue: FairQueue<ReturnType<typeof entry>>) => {
  const order: string[] = [];
  for (let next = queue.next(); next !== undefined; next = queue.next()) order.push(next.taskInstanceId);
  return order;
};

describe('the fair queue', () => {
  it('takes turns between namespaces, and inside a namespace between runs', () => {
    const queue = new FairQueue<ReturnType<typeof entry>>(100);
    for (let task = 1; task <= 3; task++) queue.add(entry('big', 'run-1', `big-1-${task}`));
    queue.add(entry('big', 'run-2', 'big-2-1'));
    queue.add(entry('small', 'run-3', 'small-1'));
    expect(drain(queue)).toEqual(['big-1-1', 'small-1', 'big-2-1', 'big-1-2', 'big-1-3']);
    expect(queue.size).toBe(0);
  });

  it('does not give out what was removed, and gives out a replaced entry once', () => {
    const queue = new FairQueue<ReturnType<typeof entry>>(100);
    queue.add(entry('a', 'run', 'x'));
    queue.add(entry('a', 'run', 'y'));
    queue.add(entry('a', 'run', 'y'));
    expect(queue.remove('x')).toBe(true);
    expect(queue.remove('x')).toBe(false);
    expect(drain(queue)).toEqual(['y']);
  });

  it('takes no more than its limit', () => {
    const queue = new FairQueue<ReturnType<typeof entry>>(1);
    expect(queue.add(entry('a', 'run', 'x'))).toBe(true);
    expect(queue.add(entry('a', 'run', 'y'))).toBe(false);
    expect(drain(queue)).toEqual(['x']);
    expect(queue.add(entry('a', 'run', 'y'))).toBe(true);
  });
});

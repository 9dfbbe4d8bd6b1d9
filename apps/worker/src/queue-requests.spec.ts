import { setImmediate as turn } from 'node:timers/promises';
import { QueueRequests } from './queue-requests.js';

describe('what a worker asks executors', () => {
  const recorded = (maxWeight: number) => {
    const sent: { queue: string; items: number[]; end: () => void }[] = [];
    const requests = new QueueRequests<number>(
      { maxWeight, weightOf: (item) => item },
      (queue, items) => new Promise((resolve) => sent.push({ queue, items, end: resolve })),
    );
    return { sent, requests };
  };
  const told = (sent: readonly { queue: string; items: number[] }[]) => sent.map(({ queue, items }) => [queue, items]);

  it('travels together by queue when it comes in one turn', async () => {
    const { sent, requests } = recorded(100);
    for (const item of [1, 2, 3]) requests.add('default', item);
    requests.add('other', 4);
    await turn();
    expect(told(sent)).toEqual([
      ['default', [1, 2, 3]],
      ['other', [4]],
    ]);
  });

  it('is split by weight, and what is too heavy goes alone', async () => {
    const { sent, requests } = recorded(10);
    for (const item of [4, 5, 2, 50, 1]) requests.add('default', item);
    await turn();
    expect(told(sent).map(([, items]) => items)).toEqual([[4, 5], [2], [50], [1]]);
  });

  it('is asked four times at once and no more: the rest follows when one is answered', async () => {
    const { sent, requests } = recorded(1);
    for (let item = 1; item <= 6; item++) requests.add('default', 1);
    await turn();
    expect(sent).toHaveLength(4);
    sent[0]?.end();
    await turn();
    await turn();
    expect(sent).toHaveLength(5);
  });
});

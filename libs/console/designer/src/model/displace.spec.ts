import type { NodeDocument, ProcessDocument } from '@orderlines/process-engine';
import { displaced } from './displace.js';

describe('what moves with a node', () => {
  const inner = [
    { id: 'a', type: 'task', uses: 'log' },
    { id: 'b', type: 'task', uses: 'log' },
  ] as unknown as NodeDocument[];
  const document: ProcessDocument = {
    apiVersion: 'orderlines/v1',
    kind: 'Process',
    name: 'moved',
    flow: [{ id: 'box', type: 'group', flow: inner } as NodeDocument],
    layout: { nodes: { box: { x: 0, y: 0 }, a: { x: 24, y: 70 } } },
  };
  const before = new Map([['box', { x: 0, y: 0 }]]);

  it('is everything with a place inside it, be it drawn or not', () => {
    expect(displaced(document, before, new Map([['box', { x: 100, y: 10 }]]))).toEqual({ box: { x: 100, y: 10 }, a: { x: 124, y: 80 } });
  });

  it('is nothing that was moved by itself', () => {
    const moved = new Map([
      ['box', { x: 100, y: 10 }],
      ['a', { x: 5, y: 5 }],
    ]);
    expect(displaced(document, before, moved)).toEqual(Object.fromEntries(moved));
  });
});

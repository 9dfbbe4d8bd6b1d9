import type { NodeDocument, ProcessDocument } from '@orderlines/process-engine';
import { geometryOf } from '../model/geometry.js';
import { drawnWays } from './drawn-ways.js';
import { drawnWhole, flowUnder, readyFor, WHOLE_UP_TO } from './sight.js';

const task = (id: string): NodeDocument => ({ id, type: 'task', uses: 'log' }) as NodeDocument;
/** A column of so many tasks, 108 pixels apart. */
const column = (count: number, first: Partial<NodeDocument> = {}): ProcessDocument => ({
  apiVersion: 'orderlines/v1',
  kind: 'Process',
  name: 'column',
  flow: Array.from({ length: count }, (_, index) => ({ ...task(`n${index}`), ...(index === 0 && first) }) as NodeDocument),
});
const wholeOf = (document: ProcessDocument, ready: Parameters<typeof drawnWhole>[2]): string[] => {
  const drawn = geometryOf(document);
  return [...drawnWhole(drawn, drawnWays(document, drawn.nodes), ready)];
};

describe('what is drawn whole', () => {
  const nowhere = { x: -9_000, y: 0, width: 10, height: 10 };

  it('is all of a small process, wherever one looks', () => {
    expect(wholeOf(column(WHOLE_UP_TO), nowhere)).toHaveLength(WHOLE_UP_TO);
  });

  it('is what is in sight of a large one, and what an arrow joins to it', () => {
    const document = column(WHOLE_UP_TO + 1, { onError: { goto: 'n90' } } as Partial<NodeDocument>);
    expect(wholeOf(document, { x: 0, y: 0, width: 800, height: 300 })).toEqual(['n0', 'n1', 'n90', 'n2']);
  });

  it('is nothing where more is in sight than a person can make out', () => {
    expect(wholeOf(column(WHOLE_UP_TO + 1), { x: 0, y: 0, width: 800, height: 90_000 })).toEqual([]);
  });
});

describe('what is made ready', () => {
  const view = { x: 0, y: 0, width: 100, height: 100 };
  const ready = readyFor(view);

  it('is more than what is seen, and stays the same while that serves', () => {
    expect(ready).toEqual({ x: -50, y: -50, width: 200, height: 200 });
    expect(readyFor({ ...view, x: 40 }, ready)).toBe(ready);
  });

  it('is made again where one looks beyond it, or much closer', () => {
    expect(readyFor({ ...view, x: 60 }, ready)).not.toBe(ready);
    expect(readyFor({ x: 0, y: 0, width: 20, height: 20 }, ready)).not.toBe(ready);
  });
});

it('a point of the canvas lies in the innermost container or lane around it', () => {
  const branches = { left: [{ id: 'inner', type: 'group', flow: [task('deep')] } as unknown as NodeDocument], right: [] };
  const document = { ...column(0), flow: [{ id: 'both', type: 'parallel', branches } as unknown as NodeDocument] };
  const drawn = geometryOf(document);
  const at = (id: string) => drawn.nodes.find((node) => node.id === id)!.box;
  expect(flowUnder(drawn, at('deep'))).toBe('inner/flow');
  expect(flowUnder(drawn, { x: at('inner').x - 4, y: at('inner').y })).toBe('both/branches/left');
  expect(flowUnder(drawn, { x: -50, y: -50 })).toBeUndefined();
});

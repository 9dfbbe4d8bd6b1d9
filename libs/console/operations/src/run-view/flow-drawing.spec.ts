import { processDocumentSchema } from '@orderlines/process-engine';
import { drawFlow, type DrawnNode } from './flow-drawing.js';

const draw = (process: object) =>
  drawFlow(processDocumentSchema.parse({ apiVersion: 'orderlines/v1', kind: 'Process', name: 'drawn', ...process }));
const task = (id: string, more: object = {}) => ({ id, uses: 'log', ...more });
const overlap = (one: DrawnNode, other: DrawnNode) =>
  one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
const ways = (drawing: ReturnType<typeof draw>) => drawing.edges.map(({ from, to }) => `${from}>${to}`);

describe('the drawing of a process', () => {
  it('has one node below the other, with an arrow between them', () => {
    const drawing = draw({ flow: [task('a'), task('b')] });
    const [a, b] = drawing.nodes;
    expect(b?.y).toBeGreaterThan((a?.y ?? 0) + (a?.height ?? 0));
    expect(ways(drawing)).toEqual(['a>b']);
  });

  it('leads jumps, cases and failures to where they go, and ends where they end', () => {
    const drawing = draw({
      flow: [
        { id: 'gate', type: 'switch', cases: [{ when: '${{ true }}', next: 'c' }], default: 'b' },
        task('b', { next: 'end', onError: { goto: 'c' } }),
        task('c'),
      ],
    });
    expect(ways(drawing).sort()).toEqual(['b>c', 'gate>b', 'gate>c']);
    expect(drawing.edges.find(({ from }) => from === 'b')?.onError).toBe(true);
  });

  it('has containers around what they hold, and branches beside each other', () => {
    const { nodes, labels } = draw({ flow: [{ id: 'both', type: 'parallel', branches: { left: [task('l')], right: [task('r')] } }] });
    const [both, left, right] = ['both', 'l', 'r'].map((id) => nodes.find((node) => node.id === id)) as [DrawnNode, DrawnNode, DrawnNode];
    for (const inner of [left, right]) {
      expect(inner.x).toBeGreaterThan(both.x);
      expect(inner.x + inner.width).toBeLessThan(both.x + both.width);
      expect(inner.y + inner.height).toBeLessThan(both.y + both.height);
    }
    expect(overlap(left, right)).toBe(false);
    expect(labels.map(({ text }) => text)).toEqual(['left', 'right']);
  });

  it('has each node of a dag below all that it needs, and none over another', () => {
    const { nodes, edges } = draw({
      type: 'dag',
      flow: [task('a'), task('b', { needs: ['a'] }), task('c', { needs: ['a'] }), task('d', { needs: ['b', 'c'] })],
    });
    const y = new Map(nodes.map((node) => [node.id, node.y]));
    for (const { from, to } of edges) expect(y.get(to)).toBeGreaterThan(y.get(from) ?? 0);
    nodes.forEach((one, index) => nodes.slice(index + 1).forEach((other) => expect(overlap(one, other)).toBe(false)));
  });
});

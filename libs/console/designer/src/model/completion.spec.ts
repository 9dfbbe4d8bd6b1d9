import { processOf } from '../testing/documents.js';
import { completionsAt, wordAt } from './completion.js';
import { problemsByNode } from './problems.js';

const catalogue = new Map([['sum', { inputs: {}, results: { type: 'object', properties: { total: { type: 'number' } } } }]]);
const document = processOf(
  [
    { id: 'add', uses: 'sum' },
    { id: 'each', type: 'foreach', items: [1], as: 'region', flow: [{ id: 'my-id', uses: 'log' }] },
    { id: 'after', uses: 'log' },
  ],
  { params: [{ name: 'version', type: 'string' }], variables: [{ name: '数量', type: 'integer' }] },
);

describe('completion', () => {
  const at = (id: string): string[] => completionsAt(document, id, catalogue).map(({ text }) => text);

  it('offers params, variables, items around the node, and results of earlier nodes', () => {
    expect(at('my-id')).toEqual(
      expect.arrayContaining(['params.version', "vars['数量']", 'region', 'index', 'tasks.add.result.total', 'run.id']),
    );
  });

  it('does not offer what comes later, or items of other places', () => {
    expect(at('my-id')).not.toContain('tasks.after.status');
    expect(at('after')).toContain("tasks['my-id'].status");
    expect(at('after')).not.toContain('region');
  });

  it('offers secrets by name', () => {
    expect(completionsAt(document, 'add', catalogue, ['deploy_key']).map(({ text }) => text)).toContain('secrets.deploy_key');
  });

  it('begins inside `${{` and nowhere else', () => {
    expect(wordAt('a ${{ vars.co', 13, false)).toEqual({ from: 6, word: 'vars.co' });
    expect(wordAt('a ${{ x }} vars', 15, false)).toBeUndefined();
    expect(wordAt('vars', 4, true)).toEqual({ from: 0, word: 'vars' });
  });
});

describe('a problem', () => {
  it('belongs to the innermost node it is in', () => {
    const problem = (path: string) => ({ code: 'c', message: 'm', path, severity: 'error' as const });
    const found = problemsByNode(document, [problem('flow[1].flow[0].with'), problem('flow[1].items'), problem('name')]);
    expect([...found.keys()]).toEqual(['my-id', 'each', '']);
  });
});

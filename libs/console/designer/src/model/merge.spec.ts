import { processDocumentSchema, type ProcessDocument } from '@orderlines/process-engine';
import fc from 'fast-check';
import { documents, processOf } from '../testing/documents.js';
import { changeNode, idsIn } from './flows.js';
import { append } from './insert.js';
import { merge } from './merge.js';
import { remove } from './remove.js';

const task = (id: string, more: object = {}) => ({ id, type: 'task' as const, uses: 'log', ...more });
const described = (document: ProcessDocument, id: string, description: string): ProcessDocument =>
  changeNode(document, id, (node) => ({ ...node, description }));
const base = processOf([task('a'), task('b'), { id: 'g', type: 'group', flow: [task('c')] }]);

describe('bringing two changes together', () => {
  it('takes what only one side changed', () => {
    fc.assert(
      fc.property(documents, documents, (from, changed) => {
        expect(merge(from, changed, from)).toEqual({ document: changed, conflicts: [] });
        expect(merge(from, from, changed)).toEqual({ document: changed, conflicts: [] });
        expect(merge(from, changed, changed)).toEqual({ document: changed, conflicts: [] });
      }),
    );
  });

  it('always makes a document, and finds the same conflicts from either side', () => {
    fc.assert(
      fc.property(documents, documents, documents, (from, mine, theirs) => {
        const merged = merge(from, mine, theirs);
        expect(processDocumentSchema.safeParse(merged.document).success).toBe(true);
        expect(
          merge(from, theirs, mine)
            .conflicts.map(({ name }) => name)
            .sort(),
        ).toEqual(merged.conflicts.map(({ name }) => name).sort());
      }),
    );
  });

  it('keeps both where different nodes were changed', () => {
    const merged = merge(base, described(base, 'a', 'mine'), append(described(base, 'c', 'theirs'), task('d')));
    expect(merged.conflicts).toEqual([]);
    expect(merged.document.flow.map(({ id, description }) => [id, description])).toEqual([
      ['a', 'mine'],
      ['b', undefined],
      ['g', undefined],
      ['d', undefined],
    ]);
    expect(merged.document.flow[2]).toMatchObject({ next: 'end', flow: [{ id: 'c', description: 'theirs' }] });
  });

  it('asks where both changed one node', () => {
    const [mine, theirs] = [described(base, 'a', 'mine'), described(base, 'a', 'theirs')];
    const merged = merge(base, mine, theirs);
    expect(merged.conflicts).toEqual([{ kind: 'node', name: 'a', mine: mine.flow[0], theirs: theirs.flow[0] }]);
    expect(merged.document).toEqual(mine);
    expect(merge(base, mine, theirs, () => 'theirs').document).toEqual(theirs);
  });

  it('brings a container back whose inside the other side changed', () => {
    const merged = merge(base, remove(base, new Set(['g'])), described(base, 'c', 'theirs'), () => 'theirs');
    expect([...idsIn(merged.document)]).toEqual(['a', 'b', 'g', 'c']);
  });
});

import { facts, table } from './table.js';

const columns = [
  { heading: 'ID', value: (row: { id: number; name: string | null }) => row.id },
  { heading: 'NAME', value: (row: { id: number; name: string | null }) => row.name },
];

describe('tables', () => {
  it('lays columns out as wide as their widest cell', () => {
    expect(
      table(columns, [
        { id: 1, name: 'a' },
        { id: 1000, name: 'long name' },
      ]),
    ).toBe('ID    NAME\n1     a\n1000  long name');
  });

  it('shows the headings where there are no rows', () => {
    expect(table(columns, [])).toBe('ID  NAME');
  });

  it('counts letters of East Asian scripts as two columns', () => {
    expect(
      table([...columns].reverse(), [
        { id: 1, name: '流程' },
        { id: 2, name: 'abc' },
      ]),
    ).toBe('NAME  ID\n流程  1\nabc   2');
  });

  it('keeps a cell on one line and free of control characters', () => {
    expect(table(columns, [{ id: 1, name: 'a\n  b\u001b[31m' }])).toBe('ID  NAME\n1   a ⏎ b[31m');
  });

  it('lays one thing out as name and value, without what is empty', () => {
    expect(facts({ id: 'x', reason: null, status: 'SUCCESS' })).toBe('id      x\nstatus  SUCCESS');
  });
});

import { wholeList, withMoments, type Filter } from './list-model.js';

describe('a list that the server gives whole', () => {
  const source = wholeList(
    () => Promise.resolve(['one', 'two', 'three', 'four']),
    (row) => row,
  );
  const page = (query: object) => source({ limit: 2, ...query }, new AbortController().signal);

  it('is cut into pages', async () => {
    const first = await page({});
    expect(first).toEqual({ items: ['one', 'two'], nextCursor: '2', total: 4 });
    expect(await page({ cursor: first.nextCursor })).toEqual({ items: ['three', 'four'], nextCursor: null, total: 4 });
  });

  it('is filtered by the texts of its rows, whatever their case', async () => {
    expect(await page({ text: 'O' })).toEqual({ items: ['one', 'two'], nextCursor: '2', total: 3 });
  });
});

describe('the query of a list', () => {
  const filters: readonly Filter[] = [
    { id: 'since', label: 'since', kind: 'time' },
    { id: 'name', label: 'name', kind: 'text' },
  ];

  it('asks for moments where somebody wrote a time of the clock here', () => {
    const query = { limit: 20, since: '2027-01-31T09:00', name: '2027-01-31T09:00' };
    expect(withMoments(query, filters)).toEqual({ ...query, since: new Date(2027, 0, 31, 9).toISOString() });
  });

  it.each([[{ limit: 20, since: 'yesterday' }], [{ limit: 20 }]])('leaves %j as it is', (query) =>
    expect(withMoments(query, filters)).toEqual(query),
  );
});

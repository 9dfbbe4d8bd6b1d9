import { wholeList } from './list-model.js';

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

import { guardedPiece, MASK, maskedParts } from './guarded-text.js';

const PIECE = guardedPiece({ kind: 'sealed', box: 'abc' });

async function* cutAt(text: string, positions: readonly number[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  let from = 0;
  for (const to of [...positions, bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

const shown = async (text: string, positions: readonly number[]): Promise<string> => {
  let all = '';
  for await (const part of maskedParts(cutAt(text, positions))) all += part;
  return all;
};

describe('a text that comes in parts', () => {
  it('is masked wherever it is cut, also inside a piece or a character', async () => {
    const text = `{"ä":"before ${PIECE} between ${PIECE}"}`;
    const { length } = Buffer.from(text);
    for (let at = 0; at <= length; at++) expect(await shown(text, [at])).toBe(`{"ä":"before ${MASK} between ${MASK}"}`);
    expect(await shown(text, [...Array(length).keys()])).toBe(`{"ä":"before ${MASK} between ${MASK}"}`);
  });

  it('is masked to its end when a piece never ends', async () => {
    expect(await shown(`begins ${PIECE.slice(0, -1)}`, [9])).toBe(`begins ${MASK}`);
  });
});

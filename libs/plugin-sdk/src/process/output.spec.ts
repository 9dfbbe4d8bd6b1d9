import fc from 'fast-check';
import { LINE_LENGTH, LineSplitter } from './line-splitter.js';
import { OUTPUT_TAIL_BYTES, OutputTail } from './output-tail.js';

const linesOf = (...chunks: Buffer[]) => {
  const splitter = new LineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
};

describe('lines of output', () => {
  it.each([
    ['a\nb\n', ['a', 'b']],
    ['a\r\nb', ['a', 'b']],
    ['10%\r20%\rdone\n', ['10%', '20%', 'done']],
    ['\n\n', ['', '']],
    ['', []],
  ])('%j are %j', (text, expected) => expect(linesOf(Buffer.from(text))).toEqual(expected));

  it('do not depend on where the stream was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'ü', '😀', '\n', '\r\n', ' ')), fc.nat(), (parts, at) => {
        const bytes = Buffer.from(parts.join(''));
        const cut = bytes.length === 0 ? 0 : at % bytes.length;
        expect(linesOf(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(linesOf(bytes));
      }),
    );
  });

  it('are cut when they never end, and lose nothing', () => {
    const lines = linesOf(...Array.from({ length: 10 }, () => Buffer.alloc(10_000, 'x')));
    expect(lines.join('')).toHaveLength(100_000);
    expect(Math.max(...lines.map(({ length }) => length))).toBe(LINE_LENGTH);
  });
});

describe('the tail of output', () => {
  const tailOf = (...chunks: Buffer[]) => {
    const tail = new OutputTail();
    for (const chunk of chunks) tail.push(chunk);
    return tail.text();
  };

  it('is all of a short one', () => expect(tailOf(Buffer.from('a\n'), Buffer.from('b'))).toBe('a\nb'));

  it('is the last 64 KiB of a long one', () => {
    const text = tailOf(...Array.from({ length: 1_000 }, (_, index) => Buffer.alloc(1_000, String(index % 10))));
    expect(Buffer.byteLength(text)).toBe(OUTPUT_TAIL_BYTES);
    expect(text.endsWith('9'.repeat(1_000))).toBe(true);
  });

  it('begins with a whole character', () => {
    expect(tailOf(Buffer.from('ü'.repeat(OUTPUT_TAIL_BYTES)), Buffer.from('x'))).toMatch(/^ü+x$/);
  });

  it('leaves room in a result also when it is binary', () => {
    expect(Buffer.byteLength(JSON.stringify(tailOf(Buffer.alloc(100_000, 1))))).toBeLessThanOrEqual(128 * 1024);
  });
});

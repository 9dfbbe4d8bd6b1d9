import { StringDecoder } from 'node:string_decoder';
import { cleanText } from '@orderlines/contracts';

/** Longest line, in characters; a longer one is cut into pieces. */
export const LINE_LENGTH = 16 * 1024;

/** Cuts a stream of bytes into lines: `\n`, `\r\n` and a lone `\r` (progress bars) end one; bytes that are no text become U+FFFD. */
export class LineSplitter {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  /** The lines that these bytes complete. */
  push(bytes: Buffer): string[] {
    return this.split(this.decoder.write(bytes));
  }

  /** What is left at the end. */
  end(): string[] {
    const lines = this.split(this.decoder.end());
    if (this.rest !== '') lines.push(cleanText(this.rest.replace(/\r$/, '')));
    this.rest = '';
    return lines;
  }

  private split(text: string): string[] {
    // A `\r` at the very end may be half of `\r\n`: it stays until more comes.
    const parts = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = parts.pop() ?? '';
    const lines = parts.flatMap(pieces);
    if (this.rest.length >= LINE_LENGTH) {
      const cut = pieces(this.rest);
      this.rest = cut.pop() ?? '';
      lines.push(...cut);
    }
    return lines.map(cleanText);
  }
}

const pieces = (line: string): string[] => {
  if (line.length <= LINE_LENGTH) return [line];
  const cut: string[] = [];
  for (let start = 0; start < line.length; start += LINE_LENGTH) cut.push(line.slice(start, start + LINE_LENGTH));
  return cut;
};

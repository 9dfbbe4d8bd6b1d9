import { cleanText } from '@orderlines/contracts';

/** How much of a command's standard output is kept as `output`, in bytes. */
export const OUTPUT_TAIL_BYTES = 64 * 1024;

/** JSON of binary output is longer than the output: this much of it, in bytes, leaves room for the rest of a result. */
const OUTPUT_JSON_BYTES = 128 * 1024;

/** Keeps the end of a stream of bytes. */
export class OutputTail {
  private chunks: Buffer[] = [];
  private bytes = 0;

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes > 4 * OUTPUT_TAIL_BYTES) this.shorten();
  }

  /** The last {@link OUTPUT_TAIL_BYTES} as text, less when they are mostly binary. */
  text(): string {
    this.shorten();
    const bytes = Buffer.concat(this.chunks);
    let text = cleanText(bytes.subarray(firstWholeCharacter(bytes)).toString('utf8'));
    while (Buffer.byteLength(JSON.stringify(text)) > OUTPUT_JSON_BYTES) text = cleanText(text.slice(Math.ceil(text.length / 4)));
    return text;
  }

  private shorten(): void {
    const all = Buffer.concat(this.chunks);
    const tail = all.subarray(Math.max(0, all.length - OUTPUT_TAIL_BYTES));
    this.chunks = [Buffer.from(tail)];
    this.bytes = tail.length;
  }
}

/** Where the first character begins that was not cut in two. */
const firstWholeCharacter = (bytes: Buffer): number => {
  let index = 0;
  while (bytes.length >= OUTPUT_TAIL_BYTES && index < 3 && ((bytes[index] ?? 0) & 0xc0) === 0x80) index += 1;
  return index;
};

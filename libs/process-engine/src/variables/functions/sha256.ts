/** SHA-256 (FIPS 180-4), in JavaScript since the engine runs in Node and in the browser, where hashing is asynchronous. */
export function sha256(message: Uint8Array): string {
  const state = Uint32Array.from(INITIAL);
  const padded = pad(message);
  const schedule = new Uint32Array(64);
  for (let block = 0; block < padded.byteLength; block += 64) compress(state, schedule, padded, block);
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

/** The first 32 bits of the fractional parts of the roots of the first primes, as the standard derives them. */
function fractionsOfRoots(count: number, root: (prime: number) => number): number[] {
  const words: number[] = [];
  for (let candidate = 2; words.length < count; candidate += 1) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) if (candidate % divisor === 0) isPrime = false;
    if (isPrime) words.push(Math.floor((root(candidate) % 1) * 2 ** 32));
  }
  return words;
}

const INITIAL = fractionsOfRoots(8, Math.sqrt);
const CONSTANTS = fractionsOfRoots(64, Math.cbrt);

/** The message, a one bit, zeros, and the length in bits, in blocks of 64 bytes. */
function pad(message: Uint8Array): DataView {
  const bytes = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(bytes.length - 8, BigInt(message.length) * 8n);
  return view;
}

const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

function compress(state: Uint32Array, schedule: Uint32Array, message: DataView, block: number): void {
  for (let index = 0; index < 16; index += 1) schedule[index] = message.getUint32(block + index * 4);
  for (let index = 16; index < 64; index += 1) {
    const early = at(schedule, index - 15);
    const late = at(schedule, index - 2);
    const first = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[index] = at(schedule, index - 16) + first + at(schedule, index - 7) + second;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let index = 0; index < 64; index += 1) {
    const first = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const added = (h + first + ((e & f) ^ (~e & g)) + at(CONSTANTS, index) + at(schedule, index)) | 0;
    const second = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const mixed = (second + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + added) | 0, c, b, a, (added + mixed) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => (state[index] = at(state, index) + word));
}

const at = (words: ArrayLike<number>, index: number): number => words[index] ?? 0;

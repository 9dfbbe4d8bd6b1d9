import { guardedPieces, masked, readGuardedPiece, withOpened, type Json } from '@orderlines/contracts';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { KeyRing } from './key-ring.js';
import { SecretMask } from './secret-mask.js';

const secretText = fc
  .string({ unit: 'grapheme', minLength: 6, maxLength: 60 })
  .filter((text) => text.trim().length >= 6 && text.isWellFormed());
const surrounding = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });

const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  hex: (text) => Buffer.from(text).toString('hex'),
  url: encodeURIComponent,
  form: (text) => new URLSearchParams({ v: text }).toString().slice(2),
  json: (text) => JSON.stringify(text),
  'json of ASCII': (text) =>
    JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'json in json': (text) => JSON.stringify(JSON.stringify(text).slice(1, -1)),
  'base64 in a URL': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
};

/** What can be read out of a text that was masked. */
const reveals = (shown: string, secret: string, encoding: string): boolean => {
  const whole =
    ENCODINGS[encoding]?.(secret)
      .replace(/^"|"$/g, '')
      .replace(/(%3D|=)+$/i, '') ?? '';
  return shown.includes(whole);
};

describe('a secret in what a task says', () => {
  it.each(Object.keys(ENCODINGS))('is masked when it is %s', (encoding) => {
    fc.assert(
      fc.property(secretText, surrounding, surrounding, (secret, before, after) => {
        const said = `${before}${ENCODINGS[encoding]?.(secret)}${after}`;
        expect(reveals(new SecretMask([secret]).text(said), secret, encoding)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it.each(['base64', 'base64url'])('is masked inside a text that was encoded as a whole: %s', (encoding) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9!$%&/()=?+#-]{8,60}$/), surrounding, surrounding, (secret, before, after) => {
        const shown = new SecretMask([secret]).text(ENCODINGS[encoding]?.(before + secret + after) ?? '');
        expect(shown).toContain('***');
      }),
      { numRuns: 300 },
    );
  });

  it.each([64, 76])('is masked when its base64 is broken into lines of %i characters', (width) => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 80, maxLength: 300 }).filter((text) => text.trim() === text),
        (secret) => {
          const lines =
            Buffer.from(secret)
              .toString('base64')
              .match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
          const mask = new SecretMask([secret]);
          for (const line of lines.filter(({ length }) => length >= 4)) expect(mask.text(line)).toBe('***');
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is masked line by line, since logs have lines', () => {
    const mask = new SecretMask(['-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n']);
    expect(mask.text('line MIIEvQIBADANBg of it')).toBe('line *** of it');
  });

  it('that is not there changes nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(new SecretMask([]).sealed(value as Json)).toBe(value);
        expect(new SecretMask(['\u2603 never said \u2603']).sealed(value as Json)).toEqual(value);
      }),
    );
  });
});

describe('a value made of a secret', () => {
  const ring = KeyRing.of(Buffer.alloc(32, 7).toString('base64'));
  const dispatch = { taskInstanceId: randomUUID(), attempt: 1, dispatch: 2 };
  const mask = (secret: string) => new SecretMask([secret], { ...ring.attemptKey(dispatch), dispatch });
  const opened = (value: Json): Json =>
    withOpened(value, (piece) => {
      const guarded = readGuardedPiece(piece);
      return guarded?.kind === 'sealed' ? (JSON.parse(ring.openAttemptBox(guarded.box)) as Json) : null;
    });

  it('is stored sealed, shown masked, and whole where it is opened', () => {
    fc.assert(
      fc.property(secretText, fc.constantFrom(...Object.keys(ENCODINGS)), (secret, encoding) => {
        const said = `x ${ENCODINGS[encoding]?.(secret)} y`;
        const sealed = mask(secret).sealed({ said, list: [said, 1], other: 'kept' });
        expect(guardedPieces(sealed).length).toBeGreaterThan(0);
        expect(reveals(JSON.stringify(sealed), secret, encoding)).toBe(false);
        expect(JSON.stringify(masked(sealed))).toContain('***');
        expect(guardedPieces(masked(sealed))).toEqual([]);
        expect(opened(sealed)).toEqual({ said, list: [said, 1], other: 'kept' });
        expect(opened(`Bearer ${(sealed as { said: string }).said}!`)).toBe(`Bearer ${said}!`);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps its type', () => expect(opened(mask('123456').sealed({ pin: 123456 }))).toEqual({ pin: 123456 }));

  it('of another key or changed on the way is not opened', () => {
    const [piece = ''] = guardedPieces(mask('very secret').sealed('very secret'));
    const guarded = readGuardedPiece(piece);
    const box = guarded?.kind === 'sealed' ? guarded.box : '';
    expect(() => KeyRing.of(Buffer.alloc(32, 8).toString('base64')).openAttemptBox(box)).toThrow(/is not in ORDERLINES_SECRET_KEY/);
    expect(() => ring.openAttemptBox(box.replace('.1.2.', '.1.3.'))).toThrow('cannot be opened');
    expect(() => KeyRing.of(undefined).openAttemptBox(box)).toThrow('Secrets need ORDERLINES_SECRET_KEY');
  });
});

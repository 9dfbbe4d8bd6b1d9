import { guardedPiece, MASK, type Json } from '@orderlines/contracts';
import { encrypt } from './aes-gcm.js';
import type { Dispatch } from './session-box.js';

/** Parts of a secret shorter than this are words like any others. */
const SHORTEST = 4;

/** With what a worker seals the values that a task made of its secrets. */
export interface AttemptKey {
  readonly keyId: string;
  readonly key: Buffer;
  readonly dispatch: Dispatch;
}

/** Finds secrets of one attempt in what its task says, also encoded; masks them where people read, seals them where other nodes do. */
export class SecretMask {
  private readonly pattern: RegExp | null;

  constructor(
    secrets: readonly string[],
    private readonly sealing?: AttemptKey,
  ) {
    const forms = [...new Set(secrets.flatMap(formsOf))].filter((form) => form.length >= SHORTEST);
    // The longest first: a form may be the beginning of another one.
    forms.sort((left, right) => right.length - left.length);
    this.pattern = forms.length === 0 ? null : new RegExp(forms.map(escaped).join('|'), 'gi');
  }

  /** The text with every form of a secret masked. */
  text(text: string): string {
    return this.pattern === null ? text : text.replace(this.pattern, MASK);
  }

  /** The value with every form of a secret masked, in names of members, too. */
  masked(value: Json): Json {
    return this.change(value, () => MASK);
  }

  /** The value with every form of a secret sealed where it stands: shown masked, and whole again where the next task runs. */
  sealed(value: Json): Json {
    const { sealing } = this;
    if (sealing === undefined) return this.masked(value);
    const known = new Map<string | number, string>();
    return this.change(value, (found) => {
      const piece = known.get(found) ?? sealedPiece(found, sealing);
      known.set(found, piece);
      return piece;
    });
  }

  private change(value: Json, replace: (found: string | number) => string): Json {
    const { pattern } = this;
    if (pattern === null) return value;
    if (typeof value === 'string') return value.replace(pattern, replace);
    if (typeof value === 'number') return String(value).search(pattern) >= 0 ? replace(value) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.change(item, replace));
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [this.text(key), this.change(member, replace)]));
  }
}

const sealedPiece = (found: string | number, { keyId, key, dispatch }: AttemptKey): string => {
  const box = encrypt(key, JSON.stringify(found), 'value').toString('base64url');
  return guardedPiece({ kind: 'sealed', box: [keyId, dispatch.taskInstanceId, dispatch.attempt, dispatch.dispatch, box].join('.') });
};

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** A secret as it may appear: as it is, line by line, and encoded. */
const formsOf = (secret: string): string[] => {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  return [...new Set([secret, secret.trim(), ...lines])].filter((text) => text.length >= SHORTEST).flatMap(encodingsOf);
};

const encodingsOf = (text: string): string[] => {
  const percent = encodeURIComponent(text);
  // Everything but letters and digits, as strict encoders write it.
  const strict = percent.replace(/[!'()*._~-]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  const asFormField = new URLSearchParams({ v: text }).toString().slice('v='.length);
  return [
    text,
    percent,
    strict,
    percent.replaceAll('%20', '+'),
    strict.replaceAll('%20', '+'),
    asFormField,
    asFormField.replaceAll('+', '%20'),
    encodeURI(text),
    ...[text, asciiJson(text)].flatMap((form) => {
      const once = JSON.stringify(form).slice(1, -1);
      // JSON in a text of JSON.
      return [once, JSON.stringify(once).slice(1, -1)];
    }),
    asciiJson(text),
    ...WRAPPED_AT.flatMap((width) => wrapped(Buffer.from(text).toString('base64'), width)),
    Buffer.from(text).toString('hex'),
    ...base64FormsOf(text),
  ];
};

/** Widths at which `base64`, OpenSSL and PEM break lines. */
const WRAPPED_AT = [76, 64];

/** The lines of a text that is broken at a width, since logs are masked line by line. */
const wrapped = (text: string, width: number): string[] =>
  text.length <= width
    ? []
    : Array.from({ length: Math.ceil(text.length / width) }, (_, line) => text.slice(line * width, (line + 1) * width));

/** As writers of JSON do that keep to ASCII. */
const asciiJson = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** base64 of a text depends on how many bytes stand before it; what is the same whatever stands around it is looked for. */
const base64FormsOf = (text: string): string[] => {
  const bytes = Buffer.from(text);
  const forms = [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // Characters that also hold bits of what stands before or after.
    const first = before === 0 ? 0 : before + 1;
    const last = (before + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
    return [encoded.slice(first, last)];
  });
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')), ...forms.map(encodeURIComponent)];
};

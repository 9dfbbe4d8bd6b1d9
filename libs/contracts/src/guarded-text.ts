import { z } from 'zod';
import { AnyJson, type Json } from './json.js';

/**
 * A secret travels through a run as a piece of text that only stands for it: between two characters that Unicode keeps for such uses
 * and that no text from outside may hold. The piece can be copied and joined with other text; what it stands for is put in where the
 * task runs, and everywhere else it is shown as {@link MASK}.
 */
const BEGIN = '\ufdd0';
const END = '\ufdd1';
const PIECE = /\ufdd0[^\ufdd0\ufdd1]*\ufdd1/g;
const SEALED = /\ufdd0sealed:[A-Za-z0-9_.-]+\ufdd1/;

/** What is shown in place of a secret. */
export const MASK = '***';

/** What a guarded piece stands for. */
export type Guarded =
  /** A secret by its name: its value of the moment at which the task starts. */
  | { readonly kind: 'secret'; readonly namespace: string; readonly name: string }
  /** A value that a task made of a secret, sealed by its worker. */
  | { readonly kind: 'sealed'; readonly box: string }
  /** An expression that computes with secrets, and the values it reads; those may hold guarded pieces, too. */
  | { readonly kind: 'expression'; readonly source: string; readonly roots: Readonly<Record<string, Json>> };

const Reference = z.object({ namespace: z.string(), name: z.string() });
const Deferred = z.object({ source: z.string(), roots: z.record(z.string(), AnyJson) });

/** The piece of text that stands for something guarded. */
export const guardedPiece = (guarded: Guarded): string => {
  if (guarded.kind === 'sealed') return `${BEGIN}sealed:${guarded.box}${END}`;
  const { kind, ...content } = guarded;
  const text = JSON.stringify(content).replaceAll(BEGIN, '\\ufdd0').replaceAll(END, '\\ufdd1');
  return `${BEGIN}${kind}:${text}${END}`;
};

/** What a piece stands for; null when it is not one of ours. */
export const readGuardedPiece = (piece: string): Guarded | null => {
  const [, kind, content = ''] = /^\ufdd0(\w+):([^]*)\ufdd1$/.exec(piece) ?? [];
  if (kind === 'sealed') return { kind, box: content };
  try {
    if (kind === 'secret') return { kind, ...Reference.parse(JSON.parse(content)) };
    if (kind === 'expression') return { kind, ...Deferred.parse(JSON.parse(content)) };
  } catch {
    return null;
  }
  return null;
};

/** True when a text holds a guarded piece, or a part of one. */
export const isGuarded = (text: string): boolean => text.includes(BEGIN) || text.includes(END);

/** True when a value holds one at any depth. */
export const holdsGuarded = (value: unknown): boolean => {
  if (typeof value === 'string') return isGuarded(value);
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value)
    ? value.some(holdsGuarded)
    : Object.entries(value).some(([key, member]) => isGuarded(key) || holdsGuarded(member));
};

/** Every guarded piece of a value, each once. */
export const guardedPieces = (value: Json): string[] => [...new Set(pieces(value))];

const pieces = (value: Json): string[] => {
  if (typeof value === 'string') return isGuarded(value) ? (value.match(PIECE) ?? []) : [];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap(pieces)
    : Object.entries(value).flatMap(([key, member]) => [...pieces(key), ...pieces(member)]);
};

/** The text as it may be shown; also of JSON text. A piece that was cut off is masked to the end of the text. */
export const maskGuarded = (text: string): string =>
  isGuarded(text)
    ? text
        .replace(PIECE, MASK)
        .replace(/\ufdd0[^\ufdd1]*$/, MASK)
        .replace(/^[^\ufdd0]*\ufdd1/, MASK)
    : text;

/** A text that comes in parts, as it may be shown: a piece that has begun is held back until it has ended. */
export async function* maskedParts(parts: AsyncIterable<string | Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let held = '';
  for await (const part of parts) {
    const text = held + (typeof part === 'string' ? part : decoder.decode(part, { stream: true }));
    const begun = text.lastIndexOf(BEGIN);
    const end = begun > text.lastIndexOf(END) ? begun : text.length;
    if (end > 0) yield maskGuarded(text.slice(0, end));
    held = text.slice(end);
  }
  if (held !== '') yield maskGuarded(held);
}

/** The value as it may be shown. */
export const masked = <Value extends Json>(value: Value): Value => (holdsGuarded(value) ? (mapTexts(value, maskGuarded) as Value) : value);

/** The value with every guarded piece replaced; a text that is one piece becomes whatever the piece stands for, of any type. */
export const withOpened = (value: Json, open: (piece: string) => Json): Json =>
  mapTexts(value, (text) => {
    if (!isGuarded(text)) return text;
    const [first] = text.match(PIECE) ?? [];
    if (first === text) return open(text);
    return text.replace(PIECE, (piece) => {
      const opened = open(piece);
      return typeof opened === 'string' ? opened : JSON.stringify(opened);
    });
  });

const mapTexts = (value: Json, change: (text: string) => Json): Json => {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  // Dates and bytes of messages that are no JSON yet hold no text of ours.
  if (![Object.prototype, null].includes(Object.getPrototypeOf(value) as null)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const name = change(key);
      return [typeof name === 'string' ? name : JSON.stringify(name), mapTexts(member, change)];
    }),
  );
};

/** A text from outside without the characters that guard secrets; only what was sealed by a worker stays, since nobody else can make it. */
export const withoutForgedGuards = (text: string): string =>
  isGuarded(text)
    ? text
        .split(new RegExp(`(${SEALED.source})`))
        .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(BEGIN, '\ufffd').replaceAll(END, '\ufffd')))
        .join('')
    : text;

import { cleanText, type Json } from '@orderlines/contracts';
import { canonical } from '../canonical.js';
import { ValueError } from '../operators.js';
import { spliced } from '../spliced.js';
import type { Value } from '../value.js';
import { made, textOf, type FunctionTable } from './arguments.js';
import { sha256 } from './sha256.js';

/** JSON, base64, URL encoding and hashes. */
export const ENCODING_FUNCTIONS: FunctionTable = {
  toJson: { arity: [1, 1], call: ([value], budget) => made(canonical(value ?? null, budget), budget) },
  fromJson: { arity: [1, 1], call: ([text], budget) => parseJson(made(textOf(text, budget), budget)) },
  base64Encode: { arity: [1, 1], call: ([text], budget) => made(toBase64(textOf(text, budget)), budget) },
  base64Decode: { arity: [1, 1], call: ([text], budget) => made(fromBase64(textOf(text, budget)), budget) },
  urlEncode: { arity: [1, 1], call: ([value], budget) => made(encodeURIComponent(wellFormed(spliced(value ?? null, budget))), budget) },
  hash: {
    arity: [1, 1],
    call: ([value], budget) => {
      const text = spliced(value ?? null, budget);
      // The digest is worked out in JavaScript, at up to 80 ns a byte.
      budget.spend(text.length / 4);
      return sha256(new TextEncoder().encode(text));
    },
  },
};

function parseJson(text: string): Value {
  try {
    // What guards secrets cannot be made here: it would be opened where the task runs.
    return JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? cleanText(value) : value)) as Json;
  } catch (error) {
    throw new ValueError(`the text is not JSON: ${(error as Error).message}`);
  }
}

const wellFormed = (text: string): string => text.toWellFormed();

function toBase64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function fromBase64(text: string): string {
  try {
    const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
    return cleanText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ValueError('the text is not base64 of a UTF-8 text');
  }
}

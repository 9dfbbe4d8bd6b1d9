import { open } from 'node:fs/promises';
import { readableBytes, type Json, type JsonObject } from '@orderlines/contracts';
import { failure, RESULT_LIMIT_BYTES, TaskFailure } from '@orderlines/plugin-sdk';

/** What a task wrote into a file of ours, or what is wrong with it. */
export type Written = { readonly values: JsonObject; readonly strangeLines: readonly string[] } | TaskFailure;

const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;
/** How much of a file that is too large is kept. */
const HEAD_BYTES = 16 * 1024;

/**
 * Reads `$ORDERLINES_RESULT` or `$ORDERLINES_VARIABLES`: one JSON object, or lines `key=value`. A value that is JSON as it would be
 * written by us is that JSON (`3`, `true`, `"text"`, `[1]`); any other is text (`1.10`, `007`, `main`). `key:=value` is always JSON.
 */
export const readWritten = async (file: string, called: string): Promise<Written> => {
  const read = await readHead(file, RESULT_LIMIT_BYTES + 1);
  if (read.bytes > RESULT_LIMIT_BYTES) {
    return failure('plugin', `${called} is ${readableBytes(read.bytes)} long; at most ${readableBytes(RESULT_LIMIT_BYTES)} are read`, {
      code: 'result.too-large',
      detail: { bytes: read.bytes, limit: RESULT_LIMIT_BYTES },
      result: { head: read.head.subarray(0, HEAD_BYTES).toString('utf8') },
    });
  }
  const text = read.head.toString('utf8').trim();
  return text.startsWith('{') ? parseObject(text, called) : parseLines(text);
};

const readHead = async (file: string, limit: number): Promise<{ head: Buffer; bytes: number }> => {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return { head: Buffer.alloc(0), bytes: 0 };
  try {
    const { size: bytes } = await handle.stat();
    const head = Buffer.alloc(Math.min(bytes, limit));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return { head: head.subarray(0, bytesRead), bytes };
  } finally {
    await handle.close();
  }
};

const parseObject = (text: string, called: string): Written => {
  try {
    return { values: JSON.parse(text) as JsonObject, strangeLines: [] };
  } catch (error) {
    return failure('plugin', `${called} begins like a JSON object but is none: ${(error as Error).message}`, {
      code: 'result.not-json',
      result: { head: text.slice(0, HEAD_BYTES) },
    });
  }
};

const parseLines = (text: string): Written => {
  const values: JsonObject = {};
  const strangeLines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const equals = line.indexOf('=');
    const explicit = line[equals - 1] === ':';
    const name = line.slice(0, explicit ? equals - 1 : equals).trim();
    const value = explicit ? json(line.slice(equals + 1)) : plain(line.slice(equals + 1));
    if (equals < 1 || !NAME.test(name) || value === undefined) strangeLines.push(line.slice(0, 200));
    else Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return { values, strangeLines };
};

const json = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

const plain = (text: string): Json => {
  const value = json(text);
  if (value === undefined) return text;
  return typeof value === 'object' && value !== null ? value : JSON.stringify(value) === text.trim() ? value : text;
};

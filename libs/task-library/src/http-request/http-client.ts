import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { TaskFailure } from '@orderlines/plugin-sdk';
import type { AddressRules } from './address-rules.js';

/** One request, redirects not yet followed. */
export interface HttpCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer; `body` is cut at the limit. */
export interface HttpAnswer {
  readonly status: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** True: there was more than the limit. */
  readonly isCut: boolean;
}

/** Headers that belong to one origin and are not carried to another. */
const ORIGIN_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** Sends a request and follows at most so many redirects; every address is checked before it is called. */
export const callHttp = async (
  call: HttpCall,
  rules: AddressRules,
  redirects: number,
  bodyLimit: number,
  signal: AbortSignal,
): Promise<HttpAnswer> => {
  let current = call;
  for (let followed = 0; ; followed += 1) {
    const answer = await callOnce(current, rules, bodyLimit, signal);
    const location = answer.headers['location'];
    if (redirects === 0 || location === undefined || ![301, 302, 303, 307, 308].includes(answer.status)) return answer;
    if (followed === redirects)
      throw new TaskFailure('plugin', `More than ${redirects} redirects, the last to ${location}`, { code: 'http.redirects' });
    current = redirected(current, answer.status, location);
  }
};

const redirected = (call: HttpCall, status: number, location: string): HttpCall => {
  if (!URL.canParse(location, call.url.href))
    throw new TaskFailure('plugin', `A redirect to "${location}", which is no address`, { code: 'http.redirects' });
  const url = new URL(location, call.url);
  const becomesGet = status === 303 ? call.method !== 'HEAD' : status < 303 && call.method === 'POST';
  const kept = Object.entries(call.headers).filter(([name]) => {
    if (ORIGIN_HEADERS.has(name)) return url.origin === call.url.origin;
    return !(becomesGet && name.startsWith('content-'));
  });
  const headers = Object.fromEntries(kept);
  return becomesGet ? { method: 'GET', url, headers } : { ...call, url, headers };
};

const callOnce = async (
  { method, url, headers, body }: HttpCall,
  rules: AddressRules,
  bodyLimit: number,
  signal: AbortSignal,
): Promise<HttpAnswer> => {
  if (!['http:', 'https:'].includes(url.protocol))
    throw new TaskFailure('user', `${url.protocol} addresses cannot be called`, { code: 'http.protocol' });
  rules.checkHost(url.hostname);

  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method, headers, signal, lookup: rules.lookup, agent: false };
    const request = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
    request.once('response', resolve).once('error', reject).end(body);
  });
  const { body: read, isCut } = await readBody(decoded(message), bodyLimit);
  message.destroy();
  const joined = Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]);
  return {
    status: message.statusCode ?? 0,
    url: url.href,
    headers: Object.fromEntries(joined) as Record<string, string>,
    body: read,
    isCut,
  };
};

const decoded = (message: IncomingMessage): Readable => {
  const decoders = { gzip: createGunzip, br: createBrotliDecompress, deflate: createInflate };
  const make = decoders[(message.headers['content-encoding'] ?? '') as keyof typeof decoders];
  return make === undefined ? message : pipeline(message, make(), () => undefined);
};

const readBody = async (stream: Readable, limit: number): Promise<{ body: Buffer; isCut: boolean }> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, limit), isCut: length > limit };
};

import { setTimeout as sleep } from 'node:timers/promises';
import { cleanText, readableBytes, type Json, type JsonObject } from '@orderlines/contracts';
import { defineTask, localized, objectSchema, RESULT_LIMIT_BYTES, TaskFailure, type TaskContext } from '@orderlines/plugin-sdk';
import { AddressRules, type AddressSettings } from './address-rules.js';
import { callHttp, type HttpAnswer, type HttpCall } from './http-client.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

interface Inputs {
  url: string;
  method?: string;
  headers?: Record<string, string | number | boolean>;
  query?: Record<string, string | number | boolean>;
  body?: string;
  json?: Json;
  expect?: number | (number | string)[];
  redirects?: number;
  timeoutSeconds?: number;
}

/** `http.request`: one HTTP call; the answer's JSON or text is the result. */
export const httpRequestTask = (addresses: AddressSettings) => {
  const rules = new AddressRules(addresses);
  return defineTask<Inputs, JsonObject>({
    name: 'http.request',
    version: '1.0.0',
    category: 'network',
    icon: 'global',
    order: 10,
    title: { en: 'HTTP request', zh: 'HTTP 请求' },
    description: { en: 'Calls an address and gives status, headers and body.', zh: '调用一个地址，返回状态、头和正文。' },
    help: {
      en: 'A body of JSON is parsed, any other is text; at most 64 MiB. A status that is not expected (default: 2xx) fails the task and keeps the answer.\n\n```yaml\n- { id: health, uses: http.request, with: { url: "https://shop.local/health" }, timeout: 10s, retry: { limit: 3, delay: 2s } }\n```',
      zh: 'JSON 正文会被解析，其他为文本；最多 64 MiB。非预期状态（默认 2xx）使任务失败并保留响应。\n\n```yaml\n- { id: health, uses: http.request, with: { url: "https://shop.local/health" }, timeout: 10s }\n```',
    },
    inputs: objectSchema(
      {
        url: localized(
          { type: 'string', minLength: 1, maxLength: 8_000 },
          { en: ['Address', 'http or https.'], zh: ['地址', 'http 或 https 地址。'] },
        ),
        method: localized(
          { enum: METHODS, default: 'GET' },
          { en: ['Method', 'GET unless said otherwise.'], zh: ['方法', '默认为 GET。'] },
        ),
        headers: localized(
          {
            type: 'object',
            additionalProperties: { type: ['string', 'number', 'boolean'] },
            propertyNames: { pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" },
          },
          { en: ['Headers', 'Headers of the request.'], zh: ['请求头', '请求的头。'] },
        ),
        query: localized(
          { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
          { en: ['Query', 'Added to the address, encoded.'], zh: ['查询参数', '编码后附加到地址。'] },
        ),
        body: localized({ type: 'string' }, { en: ['Body', 'Text that is sent.'], zh: ['正文', '发送的文本。'] }),
        json: localized({}, { en: ['JSON', 'Value that is sent as JSON; instead of body.'], zh: ['JSON', '以 JSON 发送的值，代替正文。'] }),
        expect: localized(
          { anyOf: [STATUS, { type: 'array', items: { anyOf: [STATUS, { type: 'string', pattern: '^[1-5]xx$' }] }, minItems: 1 }] },
          {
            en: ['Expected status', 'A status, or a list such as [200, 404, 3xx]; default 2xx.'],
            zh: ['预期状态', '一个状态码，或列表如 [200, 404, 3xx]；默认 2xx。'],
          },
        ),
        redirects: localized(
          { type: 'integer', minimum: 0, maximum: 20, default: 5 },
          { en: ['Redirects', 'How many are followed at most.'], zh: ['重定向', '最多跟随的次数。'] },
        ),
        timeoutSeconds: localized(
          { type: 'number', exclusiveMinimum: 0, maximum: 86_400, default: 60 },
          { en: ['Time limit', 'Seconds for the whole call.'], zh: ['时限', '整个请求的秒数上限。'] },
        ),
      },
      ['url'],
    ),
    results: objectSchema(
      {
        status: { type: 'integer', title: 'Status' },
        url: { type: 'string', title: 'Address that answered' },
        headers: { type: 'object', title: 'Headers, names in lower case' },
        body: { title: 'JSON or text' },
      },
      ['status', 'headers', 'body'],
    ),
    idempotent: false,
    run: async (context, inputs) => {
      const answer = await limited(context, inputs, (signal) =>
        callHttp(callOf(inputs), rules, inputs.redirects ?? 5, RESULT_LIMIT_BYTES, signal),
      );
      await context.log('info', `${inputs.method ?? 'GET'} ${answer.url} answered ${answer.status}`);
      return resultOf(answer, inputs.expect ?? ['2xx']);
    },
  });
};

const STATUS = { type: 'integer', minimum: 100, maximum: 599 };

const callOf = (inputs: Inputs): HttpCall => {
  if (!URL.canParse(inputs.url)) throw new TaskFailure('user', `"${inputs.url}" is no address`, { code: 'http.address' });
  if (inputs.body !== undefined && inputs.json !== undefined)
    throw new TaskFailure('user', 'Give body or json, not both', { code: 'http.body' });
  const url = new URL(inputs.url);
  for (const [name, value] of Object.entries(inputs.query ?? {})) url.searchParams.append(name, String(value));
  const given = Object.entries(inputs.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  const body = inputs.json === undefined ? inputs.body : JSON.stringify(inputs.json);
  const headers = {
    'user-agent': 'orderlines',
    accept: '*/*',
    'accept-encoding': 'identity',
    ...(inputs.json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...Object.fromEntries(given),
  };
  return { method: inputs.method ?? 'GET', url, headers, ...(body === undefined ? {} : { body }) };
};

const limited = async (
  context: TaskContext,
  { timeoutSeconds = 60, url }: Inputs,
  call: (signal: AbortSignal) => Promise<HttpAnswer>,
): Promise<HttpAnswer> => {
  const limit = new AbortController();
  const timer = sleep(timeoutSeconds * 1_000, undefined, { signal: limit.signal }).then(
    () => limit.abort('time'),
    () => undefined,
  );
  try {
    return await call(AbortSignal.any([context.signal, limit.signal]));
  } catch (error) {
    if (error instanceof TaskFailure) throw error;
    if (limit.signal.aborted) throw new TaskFailure('plugin', `${url} did not answer within ${timeoutSeconds} s`, { code: 'http.timeout' });
    const { message, code } = error as NodeJS.ErrnoException;
    throw new TaskFailure('plugin', `${url} could not be called: ${message || code}`, {
      code: 'http.unreachable',
      ...(code ? { detail: { code } } : {}),
    });
  } finally {
    limit.abort();
    await timer;
  }
};

const resultOf = (answer: HttpAnswer, expected: NonNullable<Inputs['expect']>): JsonObject => {
  const { status, url, headers } = answer;
  if (answer.isCut) {
    const announced = Number(headers['content-length']);
    const size = announced > RESULT_LIMIT_BYTES ? readableBytes(announced) : `more than ${readableBytes(RESULT_LIMIT_BYTES)}`;
    const head = cleanText(answer.body.subarray(0, HEAD_BYTES).toString('utf8'));
    throw new TaskFailure('plugin', `The answer of ${url} is ${size} long; at most ${readableBytes(RESULT_LIMIT_BYTES)} are kept`, {
      code: 'result.too-large',
      detail: { limit: RESULT_LIMIT_BYTES },
      result: { status, url, headers, head },
    });
  }
  const result = { status, url, headers, body: bodyOf(answer) };
  const wanted = (Array.isArray(expected) ? expected : [expected]).map(String);
  if (wanted.includes(String(status)) || wanted.includes(`${Math.floor(status / 100)}xx`)) return result;
  throw new TaskFailure('plugin', `${url} answered ${status}, expected ${wanted.join(' or ')}`, {
    code: 'http.status',
    detail: { status },
    result,
  });
};

/** How much of an answer that is too large is kept. */
const HEAD_BYTES = 16 * 1_024;

const bodyOf = ({ body, headers }: HttpAnswer): Json => {
  const text = body.toString('utf8');
  if (!/[/+]json\b/.test(headers['content-type'] ?? '') || text.trim() === '') return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

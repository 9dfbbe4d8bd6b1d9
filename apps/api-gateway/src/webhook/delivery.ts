import { createHash, randomUUID } from 'node:crypto';
import { cleanJson, cleanText, isFiniteJson, type Json, type JsonObject, type SignatureStyle } from '@orderlines/contracts';
import { RequestRefused } from '../problems/request-refused.js';

/** A request of a webhook that was read. */
export interface WebhookRequest {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What is never shown to expressions or kept: it signs, or logs in. */
const SECRET_HEADERS = /^(authorization|proxy-authorization|cookie|x-gitlab-token|.*signature.*|.*secret.*|.*api-?key.*)$/;
/** Where senders name a delivery, so that one that comes again is known. */
const DELIVERY_HEADERS: Readonly<Record<SignatureStyle, readonly string[]>> = {
  none: ['idempotency-key', 'webhook-id', 'x-github-delivery', 'x-gitlab-event-uuid'],
  github: ['x-github-delivery'],
  gitlab: ['idempotency-key', 'x-gitlab-event-uuid'],
  hmac: ['webhook-id'],
};
const EVENT_HEADERS = ['x-github-event', 'x-gitlab-event', 'webhook-event', 'x-event-type'];
const MAX_ID = 200;

/** The id of a delivery: its sender's, or a new one where it has none. Long ones are told by their digest. */
export const deliveryIdOf = (style: SignatureStyle, { headers }: WebhookRequest): string => {
  const given = DELIVERY_HEADERS[style].map((header) => headers[header]).find((value) => value !== undefined && value !== '');
  if (given === undefined) return `request:${randomUUID()}`;
  return given.length <= MAX_ID ? cleanText(given) : createHash('sha256').update(given).digest('hex');
};

/** What the sender calls the event, for lists: `push`, `Merge Request Hook`. */
export const eventNameOf = ({ headers }: WebhookRequest): string => {
  const given = EVENT_HEADERS.map((header) => headers[header]).find((value) => value !== undefined);
  return given === undefined ? 'webhook' : cleanText(given).slice(0, 100);
};

/** The request as filters and mappings see it. Refused when its body says it is JSON and is not. */
export const eventOf = ({ method, headers, query, body }: WebhookRequest, id: string, now: number): JsonObject => {
  const shown = Object.entries(headers).filter(([name]) => !SECRET_HEADERS.test(name));
  const event: JsonObject = {
    id,
    time: new Date(now).toISOString(),
    method,
    body: bodyOf(headers, body),
    headers: Object.fromEntries(shown),
    query: { ...query },
  };
  return cleanJson(event);
};

const bodyOf = (headers: WebhookRequest['headers'], body: Buffer): Json => {
  if (body.length === 0) return null;
  const [type = ''] = (headers['content-type'] ?? 'application/json').split(';');
  const text = body.toString('utf8');
  if (/^application\/([\w.-]+\+)?json$/i.test(type.trim())) return jsonOf(text);
  if (/^application\/x-www-form-urlencoded$/i.test(type.trim())) return fieldsOf(text);
  return text;
};

const jsonOf = (text: string): Json => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notJson(error instanceof Error ? error.message : String(error));
  }
  if (!isFiniteJson(value)) throw notJson('it has a number that is too large');
  return value as Json;
};

const notJson = (why: string): RequestRefused =>
  new RequestRefused('webhook.not-json', `The body says that it is JSON, and is not: ${why.slice(0, 200)}`, 400);

/** Fields of a form; GitHub sends its JSON as the field `payload` of one, which then is the body. */
const fieldsOf = (text: string): Json => {
  const fields = Object.fromEntries(new URLSearchParams(text));
  const { payload, ...others } = fields;
  return payload !== undefined && Object.keys(others).length === 0 ? jsonOf(payload) : fields;
};

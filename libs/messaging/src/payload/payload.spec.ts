import fc from 'fast-check';
import type { z } from 'zod';
import {
  ClaimsReply,
  ClaimsRequest,
  ControlMessage,
  decodePayload,
  encodePayload,
  FinishedMessage,
  HeartbeatReply,
  HeartbeatRequest,
  LiveMessage,
  LogChunkMessage,
  TaskMessage,
} from '../index.js';

const id = '0192f0c0-0000-7000-8000-0000000000ff';
const finished: FinishedMessage = {
  format: 1,
  instanceId: id,
  taskInstanceId: id,
  attempt: 1,
  dispatch: 1,
  token: 'token',
  session: id,
  worker: 'w1',
  outcome: { status: 'SUCCESS', result: { output: 'ok' } },
  variables: { a: 1 },
  logChunks: 2,
};
const EXAMPLES: readonly (readonly [string, z.ZodType, unknown])[] = [
  [
    'TaskMessage',
    TaskMessage,
    {
      format: 1,
      instanceId: id,
      taskInstanceId: id,
      attempt: 1,
      dispatch: 1,
      queue: 'default',
      uses: 'shell',
      input: { command: 'ls' },
      timeoutMs: 1_000,
      graceMs: 1_000,
      node: { id: 'a', name: 'A', path: 'a', visit: 1 },
      run: { id, number: 1, process: 'p', version: 1, namespace: 'default', url: 'http://localhost' },
      runs: 'runs.1.default.a.b.1',
    },
  ],
  ['FinishedMessage', FinishedMessage, finished],
  [
    'LogChunkMessage',
    LogChunkMessage,
    { format: 1, instanceId: id, taskInstanceId: id, attempt: 1, chunk: 0, lines: [{ at: 1, level: 'info', text: 'line' }] },
  ],
  [
    'ClaimsRequest',
    ClaimsRequest,
    {
      format: 1,
      session: id,
      worker: 'w1',
      claims: [{ instanceId: id, taskInstanceId: id, attempt: 1, dispatch: 1, idempotent: true, wantsVariables: false }],
    },
  ],
  [
    'ClaimsReply',
    ClaimsReply,
    {
      format: 1,
      replies: [
        { granted: true, token: 't', params: { a: [1] } },
        { granted: false, refusal: 'taken' },
      ],
    },
  ],
  [
    'HeartbeatRequest',
    HeartbeatRequest,
    {
      format: 1,
      session: id,
      worker: 'w1',
      sentAt: 1,
      startedAt: 1,
      version: '1',
      queues: ['default'],
      slots: 1,
      busy: 0,
      taskTypes: [{ name: 'shell' }],
      draining: false,
      held: [{ instanceId: id, taskInstanceId: id, attempt: 1, dispatch: 1, token: 't', state: 'running' }],
    },
  ],
  [
    'HeartbeatReply',
    HeartbeatReply,
    {
      format: 1,
      cancel: [{ taskInstanceId: id, attempt: 1, reason: 'stopped', graceMs: 1 }],
      confirmed: [{ taskInstanceId: id, attempt: 1, dispatch: 1 }],
      unknown: [],
      wantsTaskTypes: false,
    },
  ],
  ['ControlMessage', ControlMessage, { format: 1, kind: 'cancel', taskInstanceId: id, attempt: 1, reason: 'stopped', graceMs: 1 }],
  ['LiveMessage', LiveMessage, { instanceId: id, seq: 1, at: 1, facts: [{ type: 'instance' }] }],
];

/** Paths of all members of a value, containers included. */
const pathsOf = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? [path, ...Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...path, key]))]
    : [path];

const replaced = (value: unknown, path: readonly string[], by: unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
};

describe.each(EXAMPLES)('%s', (_name, schema, example) => {
  it('comes out as it went in', () => {
    expect(decodePayload(schema, encodePayload(example))).toEqual({ ok: true, value: example });
  });

  it('answers with a value or a problem, and never throws, whatever the bytes are', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof decodePayload(schema, bytes).ok === 'boolean'));
    fc.assert(fc.property(fc.json(), (text) => typeof decodePayload(schema, new TextEncoder().encode(text)).ok === 'boolean'));
  });

  it('answers when any of its members is something else, and what it lets through it lets through again', () => {
    const change = fc.tuple(fc.constantFrom(...pathsOf(example)), fc.jsonValue());
    fc.assert(
      fc.property(change, ([path, by]) => {
        const decoded = decodePayload(schema, encodePayload(replaced(example, path, by)));
        if (!decoded.ok) return decoded.problem.length > 0;
        return decodePayload(schema, encodePayload(decoded.value)).ok;
      }),
    );
  });
});

describe('what tasks made', () => {
  it('is cleaned of what Postgres cannot store', () => {
    const dirty = { ...finished, outcome: { status: 'SUCCESS', result: { 'a\0': ['b\0', '\ud800'] } }, variables: { v: '\0' } };
    expect(decodePayload(FinishedMessage, encodePayload(dirty))).toMatchObject({
      value: { outcome: { result: { 'a\ufffd': ['b\ufffd', '\ufffd'] } }, variables: { v: '\ufffd' } },
    });
  });

  it('may not nest so deep that storing it would fail', () => {
    const bomb = JSON.stringify(finished).replace('{"output":"ok"}', '['.repeat(20_000) + ']'.repeat(20_000));
    expect(decodePayload(FinishedMessage, new TextEncoder().encode(bomb))).toEqual({
      ok: false,
      problem: expect.stringMatching(/^outcome\.result: .*64 levels/),
    });
  });

  it('cannot be larger than a message', () => {
    expect(() => encodePayload({ text: 'x'.repeat(600_000) })).toThrow(expect.objectContaining({ code: 'nats.too-large' }));
  });
});

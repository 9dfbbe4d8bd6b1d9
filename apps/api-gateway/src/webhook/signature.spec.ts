import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { signatureProblem, type SignedRequest } from './signature.js';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const key = { secret: "It's a Secret to Everybody", toleranceMs: 300_000 };
const body = Buffer.from('Hello, World!');
const check = (style: 'github' | 'gitlab' | 'hmac', headers: SignedRequest['headers'], given = body) =>
  signatureProblem(style, { headers, body: given }, key, NOW)?.reason ?? null;

const standard = (id: string, at: number, given = body, secret: string | Buffer = key.secret) => ({
  'webhook-id': id,
  'webhook-timestamp': String(at / 1_000),
  'webhook-signature': `v1,${createHmac('sha256', secret)
    .update(`${id}.${at / 1_000}.`)
    .update(given)
    .digest('base64')}`,
});

describe('signatures of webhooks', () => {
  it('of GitHub are those that its documentation shows', () => {
    const documented = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    expect(check('github', { 'x-hub-signature-256': documented })).toBeNull();
    expect(check('github', { 'x-hub-signature-256': documented }, Buffer.from('Hello, World?'))).toBe('webhook.signature');
    expect(check('github', {})).toBe('webhook.unsigned');
  });

  it('of GitLab are the secret itself', () => {
    expect(check('gitlab', { 'x-gitlab-token': key.secret })).toBeNull();
    expect(check('gitlab', { 'x-gitlab-token': `${key.secret} ` })).toBe('webhook.signature');
    expect(check('gitlab', {})).toBe('webhook.unsigned');
  });

  it('of the generic style are over id, time and body, one of several is enough', () => {
    const headers = standard('msg_1', NOW);
    expect(check('hmac', headers)).toBeNull();
    expect(check('hmac', { ...headers, 'webhook-signature': `v1,other ${headers['webhook-signature']}` })).toBeNull();
    expect(check('hmac', { ...headers, 'webhook-id': 'msg_2' })).toBe('webhook.signature');
    expect(check('hmac', { ...headers, 'webhook-timestamp': String(NOW / 1_000 + 1) })).toBe('webhook.signature');
    expect(check('hmac', headers, Buffer.from('other'))).toBe('webhook.signature');
    for (const name of Object.keys(headers)) {
      const { [name as keyof typeof headers]: _left, ...rest } = headers;
      expect(check('hmac', rest)).toBe('webhook.unsigned');
    }
  });

  it('of the generic style take a secret in base64, as senders write it', () => {
    const secret = `whsec_${Buffer.from('0123456789abcdef').toString('base64')}`;
    const headers = standard('a', NOW, body, Buffer.from('0123456789abcdef'));
    expect(signatureProblem('hmac', { headers, body }, { ...key, secret }, NOW)).toBeNull();
  });

  it('of the generic style hold for a while only, before and after', () => {
    expect(check('hmac', standard('a', NOW - 300_000))).toBeNull();
    expect(check('hmac', standard('a', NOW + 300_000))).toBeNull();
    expect(check('hmac', standard('a', NOW - 301_000))).toBe('webhook.stale');
    expect(check('hmac', standard('a', NOW + 301_000))).toBe('webhook.stale');
  });

  it('of anybody who does not know the secret fit nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom('github', 'gitlab', 'hmac' as const), fc.string({ unit: 'binary' }), fc.string(), (style, header, id) => {
        const at = String(NOW / 1_000);
        const headers = {
          'x-hub-signature-256': header,
          'x-gitlab-token': header,
          'webhook-signature': header,
          'webhook-id': id,
          'webhook-timestamp': at,
        };
        expect(signatureProblem(style as 'github', { headers, body }, key, NOW)).not.toBeNull();
      }),
    );
  });
});

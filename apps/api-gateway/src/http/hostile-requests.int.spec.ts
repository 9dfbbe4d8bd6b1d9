import fc from 'fast-check';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

/** Every route that reads a body, with ids that are not there. */
const ROUTES = [
  ['POST', 'sessions'],
  ['POST', 'sessions/refresh'],
  ['POST', 'registrations'],
  ['PATCH', 'me'],
  ['PUT', 'me/password'],
  ['PUT', 'me/picture'],
  ['POST', 'me/tokens'],
  ['POST', 'me/second-factor'],
  ['POST', 'me/second-factor/confirmation'],
  ['POST', 'me/second-factor/removal'],
  ['POST', 'users'],
  ['PATCH', 'users/none'],
  ['POST', 'users/none/password-reset'],
  ['POST', 'users/none/tokens'],
  ['POST', 'processes'],
  ['POST', 'processes/validate'],
  ['POST', 'processes/check'],
  ['POST', 'processes/none/compare'],
  ['POST', 'processes/none/copy'],
  ['POST', 'processes/none/versions/1/restore'],
  ['PUT', 'processes/none/draft'],
  ['POST', 'processes/none/draft/publish'],
  ['POST', 'manifests'],
  ['POST', 'instances'],
  ['POST', 'instances/none/stop'],
  ['POST', 'instances/none/pause'],
  ['POST', 'instances/none/resume'],
  ['POST', 'instances/none/restart'],
  ['POST', 'triggers'],
  ['PUT', 'triggers/none'],
  ['POST', 'triggers/none/disable'],
  ['POST', 'triggers/none/try'],
  ['POST', 'events'],
  ['POST', 'webhooks/none'],
] as const;
const KEYS = [
  'login',
  'password',
  'userName',
  'email',
  'phone',
  'name',
  'rules',
  'code',
  'current',
  'new',
  'base64',
  'content',
  'format',
  'draft',
  'dry',
  'process',
  'params',
  'origin',
  'force',
  'version',
  'files',
  'prune',
  '__proto__',
];

describe('requests that nobody should send', () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
  });
  afterAll(() => harness?.close());

  it('are refused as problem details, whatever is in them', async () => {
    const body = fc.oneof(
      fc.dictionary(fc.constantFrom(...KEYS), fc.jsonValue({ maxDepth: 3 })).map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string({ unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ROUTES), body, async ([method, path], text) => {
        const answer = await harness.ask(method, path, text);
        // A validation report is an answer, too, and so is a change that happens to be none, or a right one.
        if (answer.status === 200 || answer.status === 201) return;
        expect({ path, text, status: answer.status }).toMatchObject({ status: expect.any(Number) });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(await answer.json()).toMatchObject({ status: answer.status, code: expect.any(String), detail: expect.any(String) });
      }),
      { numRuns: 300 },
    );
  });

  it('in paths, queries and headers are refused, too', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('processes', 'instances', 'tasks'), async (odd, noun) => {
        const encoded = encodeURIComponent(odd.toWellFormed());
        const answers = await Promise.all([
          harness.ask('GET', `${noun}?cursor=${encoded}&limit=${encoded}&status=${encoded}&process=${encoded}&name=${encoded}`),
          harness.ask('GET', `processes/${encoded}`),
          harness.ask('GET', `instances/${encoded}/logs?cursor=${encoded}`),
        ]);
        for (const answer of answers)
          expect({ odd, status: answer.status, internal: answer.status >= 500 }).toMatchObject({ internal: false });
      }),
      { numRuns: 150 },
    );
  });

  it('with a body that is too large are refused, less of it without a token', async () => {
    const params = { process: 'p', params: { text: 'x'.repeat(1_100_000) } };
    expect((await harness.ask('POST', 'instances', params)).status).toBe(413);
    const stranger = await fetch(`http://127.0.0.1:${harness.gateway.port}/api/v1/sessions`, {
      method: 'POST',
      body: JSON.stringify({ login: 'x'.repeat(20_000) }),
    });
    expect({ status: stranger.status, body: await stranger.json() }).toMatchObject({ status: 413, body: { code: 'request.too-large' } });
  });

  it('with several mistakes are told all of them', async () => {
    const answer = await harness.ask('POST', 'users', { userName: '?', password: 1, email: 'no', extra: true });
    const { errors } = (await answer.json()) as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path).sort()).toEqual(['', 'email', 'password', 'userName']);
  });

  it('with a number that JSON cannot write are refused, where it would become null and then a default', async () => {
    const answer = await harness.ask('POST', 'instances', '{"process":"p","params":{"k":1e400}}');
    expect(await answer.json()).toMatchObject({ status: 422, errors: [{ path: 'params.k' }] });
  });

  it('that are not JSON, or in an unknown charset, are told apart', async () => {
    expect(await (await harness.ask('POST', 'instances', '{"a":')).json()).toMatchObject({ status: 400, code: 'request.not-json' });
    const charset = await harness.ask('POST', 'instances', '{}', { 'content-type': 'application/json; charset=klingon' });
    expect(charset.status).toBe(415);
  });

  it('answers carry the headers that protect a browser', async () => {
    const { headers } = await harness.ask('GET', 'me');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { Metadata, credentials, makeClientConstructor, status, type ServiceError, type ServiceDefinition } from '@grpc/grpc-js';
import { accessRpc, instanceRpc, originalRpc, processRpc } from '@orderlines/rpc';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

const SERVICES: Readonly<Record<string, ServiceDefinition>> = {
  process: processRpc.ProcessServiceService as unknown as ServiceDefinition,
  instance: instanceRpc.InstanceServiceService as unknown as ServiceDefinition,
  access: accessRpc.AccessServiceService as unknown as ServiceDefinition,
  original: originalRpc.OrderlinesServiceService as unknown as ServiceDefinition,
};

const OPEN = [
  'GET /api/v1/sessions/oidc',
  'GET /api/v1/sessions/oidc/callback',
  'POST /api/v1/sessions',
  'POST /api/v1/sessions/refresh',
  'GET /api/v1/sessions/methods',
  'POST /api/v1/registrations',
  'POST /api/v1/webhooks/{token}',
];

describe('who may come in', () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
  });
  afterAll(() => harness?.close());

  const base = () => `http://127.0.0.1:${harness.gateway.port}`;
  const routes = async () => {
    const document = (await (await fetch(`${base()}/api/docs-json`)).json()) as { paths: Record<string, Record<string, unknown>> };
    return Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
    );
  };

  it('only logging in, registering and webhooks are open of the API: every other route wants a token, whatever its body', async () => {
    const all = await routes();
    expect(all.length).toBeGreaterThan(25);
    const open: string[] = [];
    for (const { method, path } of all) {
      for (const authorization of [undefined, 'Bearer wrong', `Bearer ol_${'x'.repeat(43)}`]) {
        const answer = await fetch(base() + path.replaceAll(/\{\w+\}/g, '1'), {
          method,
          headers: { ...(authorization && { authorization }), 'content-type': 'application/json' },
          ...(method === 'GET' ? {} : { body: '{"login":"a","password":"b"}' }),
        });
        const { code } = (await answer.json()) as { code?: string };
        if (answer.status !== 401 || code !== 'auth.not-authenticated') open.push(`${method} ${path}`);
      }
    }
    expect(new Set(open)).toEqual(new Set(OPEN));
  });

  it('the document says of these, and of nothing else, that they want no token', async () => {
    const document = (await (await fetch(`${base()}/api/docs-json`)).json()) as {
      security?: unknown;
      paths: Record<string, Record<string, { security?: unknown[] }>>;
    };
    expect(document.security).toEqual([{ bearer: [] }]);
    const open = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) => (security?.length === 0 ? [`${method.toUpperCase()} ${path}`] : [])),
    );
    expect(new Set(open)).toEqual(new Set(OPEN));
  });

  it('the document names every route that the controllers have', async () => {
    const folder = new URL('..', import.meta.url);
    const controllers = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.controller.ts'));
    const sources = controllers.filter((file) => !file.startsWith('health/')).map((file) => readFileSync(new URL(file, folder), 'utf8'));
    const decorated = sources.join('\n').match(/^ {2}@(Get|Post|Put|Delete|Patch|All|Head|Options|Sse)\(/gm) ?? [];
    expect(await routes()).toHaveLength(decorated.length);
  });

  it('health, metrics and the documentation are open', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', '/api/docs', '/api/docs-json']) {
      expect({ path, status: (await fetch(base() + path)).status }).not.toMatchObject({ status: 401 });
    }
  });

  it.each(Object.entries(SERVICES))('every rpc of the %s service wants a token', async (_name, definition) => {
    const Client = makeClientConstructor(definition, 'any');
    const client = new Client(`127.0.0.1:${harness.gateway.grpcPort}`, credentials.createInsecure());
    try {
      for (const method of Object.values(definition)) {
        for (const token of [undefined, 'Bearer wrong']) {
          const metadata = new Metadata();
          if (token) metadata.set('authorization', token);
          const code = await new Promise<status>((resolve) => {
            const request = method.requestDeserialize(Buffer.alloc(0)) as object;
            if (method.responseStream) {
              const stream = client.makeServerStreamRequest(
                method.path,
                method.requestSerialize,
                method.responseDeserialize,
                request,
                metadata,
              );
              stream.on('data', () => resolve(status.OK)).on('error', (error: ServiceError) => resolve(error.code));
            } else {
              client.makeUnaryRequest(method.path, method.requestSerialize, method.responseDeserialize, request, metadata, (error) =>
                resolve(error?.code ?? status.OK),
              );
            }
          });
          expect({ path: method.path, code }).toEqual({ path: method.path, code: status.UNAUTHENTICATED });
        }
      }
    } finally {
      client.close();
    }
  });

  it('a session begins with the password, tells who one is, and ends', async () => {
    const login = await harness.ask('POST', 'sessions', { login: 'Admin', password: harness.password });
    const session = (await login.json()) as { token: string; expiresAt: string; user: unknown };
    expect({ status: login.status, session }).toMatchObject({ status: 201, session: { user: { userName: 'admin', administrator: true } } });
    expect(JSON.stringify(session)).not.toContain('argon2');
    const own = { authorization: `Bearer ${session.token}` };
    expect(await (await harness.ask('GET', 'me', undefined, own)).json()).toMatchObject({ userName: 'admin' });
    expect((await harness.ask('DELETE', 'sessions/current', undefined, own)).status).toBe(204);
    expect((await harness.ask('GET', 'me', undefined, own)).status).toBe(401);
  });

  it('the refresh token is in a cookie that no script and no other site gets, and in no answer', async () => {
    const answer = await harness.ask('POST', 'sessions', { login: 'admin', password: harness.password });
    const { headers } = answer;
    const cookie = headers.getSetCookie().find((one) => one.startsWith('orderlines_refresh=')) ?? '';
    expect(cookie).toMatch(
      /^orderlines_refresh=olr_[A-Za-z0-9_-]{43}; Path=\/api\/v1\/sessions; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect(await answer.text()).not.toContain('olr_');
    expect(headers.get('cache-control')).toBe('no-store');
    const exchange = () => harness.ask('POST', 'sessions/refresh', {}, { authorization: '', cookie: cookie.split(';')[0] ?? '' });
    expect((await exchange()).status).toBe(200);
    const again = await exchange();
    expect([again.status, again.headers.getSetCookie()[0]]).toEqual([401, expect.stringContaining('Expires=Thu, 01 Jan 1970')]);
  });

  it('no route takes a token in its address', async () => {
    for (const name of ['token', 'access_token', 'authorization']) {
      expect((await harness.ask('GET', `me?${name}=${harness.token}`, undefined, { authorization: '' })).status).toBe(401);
    }
  });

  it('a wrong password is refused, and many make one wait', async () => {
    const statuses = [];
    for (let time = 0; time < 6; time += 1) {
      const answer = await harness.ask('POST', 'sessions', { login: 'somebody', password: 'wrong' });
      statuses.push(answer.status);
      if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });
});

import { randomUUID } from 'node:crypto';
import { credentials, makeClientConstructor, Metadata, status, type ServiceDefinition, type ServiceError } from '@grpc/grpc-js';
import { issueToken, type DeclaredNeed, type Need } from '@orderlines/auth';
import { attributesOf, isNamespaced, type Subject } from '@orderlines/contracts';
import { changeUserAccess, createUser, saveRole, type HeldRole } from '@orderlines/persistence';
import * as rpc from '@orderlines/rpc';
import { v7 as uuidv7 } from 'uuid';
import { CONTROLLERS } from '../gateway.module.js';
import { RPC_NEEDS } from '../grpc/rpc-needs.js';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { announceWorker, buildProcess, simpleDefinition, StoredRun } from '../testing/stored-run.js';
import { routesOf, type Route } from './permission-catalogue.js';

const HOUR_MS = 3_600_000;
/** A user for each right, twice. */
const PREPARATION_MS = 240_000;
const ELSEWHERE = 'elsewhere';
/** Part of the names of everything that nobody from elsewhere may see. */
const MARK = 'walked';

type RightNeeded = Exclude<DeclaredNeed, string>;
type Method = ServiceDefinition[string];

/** Every service definition that the generated code has. */
const METHODS: readonly Method[] = Object.values(rpc)
  .flatMap((module) => (typeof module === 'object' ? Object.values(module) : []))
  .flatMap((value) => (typeof value === 'object' && value !== null ? (Object.values(value) as Method[]) : []))
  .filter((method) => typeof method === 'object' && method !== null && RPC_NEEDS.has(method.path));

const ROUTES = routesOf(CONTROLLERS).filter(({ path }) => path.startsWith('/api/'));
const GUARDED = ROUTES.filter((route): route is Route & { need: RightNeeded } => typeof route.need === 'object');
/** What rules can look at of a thing that belongs to no namespace; undefined: nothing. */
const attributeOf = (subject: Subject): 'name' | 'owner' | undefined =>
  isNamespaced(subject) ? undefined : (['name', 'owner'] as const).find((attribute) => attributesOf(subject).includes(attribute));
const keyOf = ({ action, subject }: Need): string => `${action} ${subject}`;

describe('every route and rpc, walked', () => {
  let harness: GatewayHarness;
  const tokens = new Map<string, string>();
  const things = new Map<Subject, string>();

  const person = async (name: string, held?: HeldRole): Promise<void> => {
    const { manager } = harness.source;
    const { id } = await createUser(manager, { userName: name.replaceAll(' ', '-'), passwordHash: 'nobody logs in with this' });
    if (held) await changeUserAccess(manager, id, { roles: [held] });
    tokens.set(name, (await issueToken(manager, id, 'walk', HOUR_MS)).token);
  };

  beforeAll(async () => {
    harness = await startGatewayHarness();
    await announceWorker(harness.pool);
    await harness.ask('PUT', `namespaces/${ELSEWHERE}`, {});
    const process = await buildProcess(harness, simpleDefinition(MARK));
    const run = await new StoredRun(harness.pool).create(process);
    const event = uuidv7();
    await harness.pool.query(
      `insert into runtime.parked_event (id, process_instance_id, subject, payload, error, deliveries) values ($1, $2, $3, '', 'x', 1)`,
      [event, run.id, MARK],
    );
    await harness.ask('POST', 'triggers', { name: MARK, process: `default/${MARK}`, webhook: {} });
    things
      .set('Process', `default/${MARK}`)
      .set('Trigger', `default/${MARK}`)
      .set('Instance', run.id)
      .set('Approval', run.id)
      .set('ParkedEvent', event)
      .set('Namespace', 'default');
    await person('nobody in particular');
    const { id: userId = '' } = (await harness.pool.query<{ id: string }>('select id from access.user_account limit 1')).rows[0] ?? {};
    const department = await harness.ask('POST', 'departments', { name: MARK });
    await harness.ask('PUT', `groups/${MARK}`, {});
    things
      .set('User', userId)
      .set('Token', userId)
      .set('Department', ((await department.json()) as { id: string }).id)
      .set('Group', MARK)
      .set('Role', 'viewer')
      .set('Parameter', 'grace');
    const needs = new Map(
      [...GUARDED.map(({ need }) => need), ...[...RPC_NEEDS.values()].filter((need) => typeof need === 'object')].map((need) => [
        keyOf(need),
        need,
      ]),
    );
    for (const [key, need] of needs) {
      const attribute = attributeOf(need.subject);
      if (attribute !== undefined) {
        const rules = [{ action: need.action, subject: need.subject, conditions: { [attribute]: ELSEWHERE } }];
        await saveRole(harness.source.manager, `${key} of others`, { description: '', rules });
        await person(`${key} of others`, { role: `${key} of others`, namespace: null });
      }
      await saveRole(harness.source.manager, key, { description: '', rules: [{ action: need.action, subject: need.subject }] });
      await person(key, { role: key, namespace: null });
      await person(`${key} elsewhere`, { role: key, namespace: ELSEWHERE });
    }
  }, PREPARATION_MS);
  afterAll(() => harness?.close());

  const call = async ({ method, path }: Route, who?: string, reference = '1', body: unknown = {}) => {
    const address = path.replaceAll(/[:*](\w+)/g, encodeURIComponent(reference));
    const token = who === undefined ? undefined : tokens.get(who);
    const answer = await fetch(`http://127.0.0.1:${harness.gateway.port}${address}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(20_000),
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
      await answer.body?.cancel();
      return { status: answer.status, code: '', text: '' };
    }
    const text = await answer.text();
    const { code = '' } = text.startsWith('{') ? (JSON.parse(text) as { code?: string }) : {};
    return { status: answer.status, code, text };
  };

  it.each(ROUTES.filter(({ need }) => need !== 'open'))('$method $path wants a login', async (route) => {
    expect(await call(route)).toMatchObject({ status: 401, code: 'auth.not-authenticated' });
  });

  it.each(GUARDED)('$method $path lets nobody do it who has no right', async (route) => {
    expect(await call(route, 'nobody in particular')).toMatchObject({ status: 403, code: 'auth.not-allowed' });
  });

  it.each(GUARDED)('$method $path wants exactly the right that it names', async (route) => {
    const { status: answered } = await call(route, keyOf(route.need));
    expect([401, 403, 500]).not.toContain(answered);
  });

  it.each(GUARDED)('$method $path shows and does nothing for a right in another namespace', async (route) => {
    const { need } = route;
    const who = `${keyOf(need)} elsewhere`;
    if (!isNamespaced(need.subject)) {
      expect(await call(route, who)).toMatchObject({ status: 403 });
      return;
    }
    const reference = need.objectParam === undefined ? '1' : (things.get(need.subject) ?? randomUUID());
    const answer = await call(route, who, reference);
    if (need.objectParam !== undefined) expect([403, 404]).toContain(answer.status);
    expect(answer.status).not.toBe(500);
    if (answer.status < 400) expect(answer.text).not.toContain(MARK);
  });

  it.each(GUARDED.filter(({ need }) => attributeOf(need.subject)))(
    '$method $path shows and does nothing for a right on other things of the kind',
    async (route) => {
      const { need } = route;
      const answer = await call(route, `${keyOf(need)} of others`, things.get(need.subject));
      if (need.objectParam !== undefined) expect([403, 404]).toContain(answer.status);
      if (answer.status < 400) expect(answer.text).toMatch(/^(\[\]|\{"items":\[\].*\})$/);
    },
  );

  it.each(GUARDED.filter(({ method }) => method !== 'GET'))('$method $path answers no body with an error of its own', async (route) => {
    for (const body of [
      null,
      [],
      'x',
      1,
      { a: { b: [null] } },
      { name: '\u0000', rules: [{}], namespace: 7, process: {} },
      { members: {}, roles: 'x', content: [] },
    ]) {
      expect((await call(route, keyOf(route.need), '1', body)).status).not.toBe(500);
    }
  });

  const dial = (method: Method, who?: string, reference = '1'): Promise<status> => {
    const Client = makeClientConstructor({ method }, 'any');
    const client = new Client(`127.0.0.1:${harness.gateway.grpcPort}`, credentials.createInsecure());
    const metadata = new Metadata();
    const token = who === undefined ? undefined : tokens.get(who);
    if (token) metadata.set('authorization', `Bearer ${token}`);
    const named = Object.fromEntries(
      ['id', 'process', 'instanceId', 'processInstanceId', 'eventId', 'name', 'user', 'trigger'].map((field) => [field, reference]),
    );
    const request = { ...(method.requestDeserialize(Buffer.alloc(0)) as object), ...named };
    return new Promise<status>((resolve) => {
      const done = (code: status) => {
        client.close();
        resolve(code);
      };
      const { path, requestSerialize, responseDeserialize } = method;
      if (method.responseStream) {
        const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata, {
          deadline: Date.now() + 5_000,
        });
        stream
          .on('data', () => undefined)
          .on('end', () => done(status.OK))
          .on('error', (error: ServiceError) => done(error.code));
      } else {
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, (error) => done(error?.code ?? status.OK));
      }
    });
  };
  const guardedMethods = METHODS.flatMap((method) => {
    const need = RPC_NEEDS.get(method.path);
    return typeof need === 'object' ? [{ path: method.path, method, need }] : [];
  });

  it('knows every rpc that says what it needs', () => {
    expect(METHODS.map(({ path }) => path).toSorted()).toEqual([...RPC_NEEDS.keys()].toSorted());
  });

  it.each(guardedMethods)('$path asks who calls and for the right that it names', async ({ method, need }) => {
    expect(await dial(method)).toBe(status.UNAUTHENTICATED);
    expect(await dial(method, 'nobody in particular')).toBe(status.PERMISSION_DENIED);
    expect([status.UNAUTHENTICATED, status.PERMISSION_DENIED, status.INTERNAL, status.UNKNOWN]).not.toContain(
      await dial(method, keyOf(need)),
    );
  });

  it.each(guardedMethods.filter(({ need }) => need.reference !== undefined && isNamespaced(need.subject)))(
    '$path does nothing for a right in another namespace',
    async ({ method, need }) => {
      const code = await dial(method, `${keyOf(need)} elsewhere`, things.get(need.subject) ?? randomUUID());
      expect([status.NOT_FOUND, status.PERMISSION_DENIED]).toContain(code);
    },
  );
});

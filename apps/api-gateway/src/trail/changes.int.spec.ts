import { randomBytes } from 'node:crypto';
import { AuditPage } from '@orderlines/contracts';
import { Secret, TOTP } from 'otpauth';
import { routesOf } from '../access/permission-catalogue.js';
import { CONTROLLERS } from '../gateway.module.js';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

const PASSWORD = 'correct horse battery';
const SECRET_VALUE = 'never in the trail';
/** They ask a question and change nothing. */
const QUESTIONS = [
  'POST /api/v1/processes/validate',
  'POST /api/v1/processes/check',
  'POST /api/v1/processes/:id/compare',
  'POST /api/v1/schedules/preview',
  'POST /api/v1/triggers/:id/try',
];
/** A refresh goes on with a session; the others want slots, older keys or an address first, which the tests of schedules, keys and triggers have. */
const TOLD_ELSEWHERE = [
  'POST /api/v1/sessions/refresh',
  'POST /api/v1/schedules/:id/slots/:slot/answer',
  'POST /api/v1/schedules/:id/backfills/:backfill/cancel',
  'POST /api/v1/secrets/rotation',
  'POST /api/v1/webhooks/:token',
];
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What a step has made that a later one names. */
type Made = Record<string, string>;
/** A route, with what a request to it says: parameters of its path, query, body, and what of its answer is kept for later steps. */
interface Step {
  readonly route: string;
  readonly path?: (made: Made) => Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: (made: Made) => unknown;
  readonly as?: 'ann';
  readonly keeps?: Readonly<Record<string, string>>;
}

const definition = (name: string) => ({
  content: `apiVersion: orderlines/v1\nkind: Process\nname: ${name}\nflow: [{ id: a, uses: log, with: { message: x } }]\n`,
});
const plan = { trigger: { type: 'cron', expression: '0 3 * * *' } };
const step = (route: string, more: Omit<Step, 'route'> = {}): Step => ({ route, ...more });
const ofAnn = { path: ({ ann }: Made) => ({ id: ann ?? '', userId: ann ?? '', user: 'ann' }) };
const named = (name: string, body?: unknown) => ({ path: () => ({ name }), ...(body !== undefined && { body: () => body }) });
const ofProcess = { path: () => ({ id: 'default/told' }) };
const ofTrigger = { path: ({ trigger }: Made) => ({ id: trigger ?? '' }) };
const ofVersion = { path: () => ({ id: 'default/told', number: '1' }) };
const ofSchedule = { path: ({ schedule }: Made) => ({ id: schedule ?? '' }) };

/** In their order: each can be done after those before it. */
const STEPS: readonly Step[] = [
  step('POST users', { body: () => ({ userName: 'ann', password: PASSWORD }), keeps: { ann: 'id' } }),
  step('PATCH users/:id', { ...ofAnn, body: () => ({ email: 'ann@shop.local' }) }),
  step('PUT roles/:name', named('deployer', { rules: [{ action: 'start', subject: 'Process' }] })),
  step('PUT groups/:name', named('crew', { roles: [{ role: 'viewer' }] })),
  step('PUT groups/:name/members', named('crew', { members: ['ann'] })),
  step('PUT users/:user/access', { ...ofAnn, body: () => ({ roles: [{ role: 'administrator' }] }) }),
  step('POST departments', { body: () => ({ name: 'Sales' }), keeps: { department: 'id' } }),
  step('PUT departments/:id', { path: ({ department }) => ({ id: department ?? '' }), body: () => ({ name: 'Sale' }) }),
  step('DELETE departments/:id', { path: ({ department }) => ({ id: department ?? '' }) }),
  step('PUT namespaces/:name', named('shop', { maxProcesses: 3 })),
  step('DELETE namespaces/:name', named('shop')),
  step('PUT parameters/:name', named('grace', { value: '5s' })),
  step('DELETE parameters/:name', named('grace')),
  step('PUT secrets/:name', named('key', { value: SECRET_VALUE })),
  step('DELETE secrets/:name', named('key')),
  step('PUT variables/:name', named('region', { type: 'string', value: 'eu' })),
  step('DELETE variables/:name', named('region')),
  step('POST sessions', { as: 'ann', body: () => ({ login: 'ann', password: PASSWORD }), keeps: { annToken: 'token' } }),
  step('PATCH me', { as: 'ann', body: () => ({ displayName: 'Ann' }) }),
  step('PUT me/picture', { as: 'ann', body: () => ({ base64: PICTURE }) }),
  step('DELETE me/picture', { as: 'ann' }),
  step('POST me/tokens', { as: 'ann', body: () => ({ name: 'ci' }), keeps: { token: 'id' } }),
  step('DELETE me/tokens/:id', { as: 'ann', path: ({ token }) => ({ id: token ?? '' }) }),
  step('PUT me/password', { as: 'ann', body: () => ({ current: PASSWORD, new: `${PASSWORD} 2` }) }),
  step('POST me/second-factor', { as: 'ann', body: () => ({ password: `${PASSWORD} 2` }), keeps: { totp: 'secret' } }),
  step('POST me/second-factor/confirmation', {
    as: 'ann',
    body: ({ totp = '' }) => ({ code: new TOTP({ secret: Secret.fromBase32(totp) }).generate() }),
  }),
  step('POST me/second-factor/recovery-codes', { as: 'ann', body: () => ({ password: `${PASSWORD} 2` }) }),
  step('POST me/second-factor/removal', { as: 'ann', body: () => ({ password: `${PASSWORD} 2` }) }),
  step('DELETE me/sessions', { as: 'ann' }),
  step('POST sessions', { as: 'ann', body: () => ({ login: 'ann', password: `${PASSWORD} 2` }), keeps: { annToken: 'token' } }),
  step('DELETE sessions/current', { as: 'ann' }),
  step('POST sessions', { as: 'ann', body: () => ({ login: 'ann', password: `${PASSWORD} 2` }), keeps: { annToken: 'token' } }),
  step('DELETE me/sessions/:id', { as: 'ann', path: ({ annSession }) => ({ id: annSession ?? '' }) }),
  step('DELETE users/:id/second-factor', ofAnn),
  step('POST users/:id/unlock', { ...ofAnn, body: () => ({}) }),
  step('DELETE users/:id/sessions', ofAnn),
  step('POST users/:id/password-reset', { ...ofAnn, body: () => ({}) }),
  step('POST users', { body: () => ({ userName: 'bot', kind: 'service' }), keeps: { bot: 'id' } }),
  step('POST users/:userId/tokens', { path: ({ bot }) => ({ userId: bot ?? '' }), body: () => ({ name: 'x' }), keeps: { botToken: 'id' } }),
  step('DELETE users/:userId/tokens/:id', { path: ({ bot, botToken }) => ({ userId: bot ?? '', id: botToken ?? '' }) }),
  step('POST processes', { body: () => definition('told') }),
  step('PUT processes/:id/draft', { ...ofProcess, body: () => definition('told') }),
  step('DELETE processes/:id/draft', ofProcess),
  step('PUT processes/:id/draft', { ...ofProcess, body: () => ({ content: `${definition('told').content}description: other\n` }) }),
  step('POST processes/:id/draft/publish', { ...ofProcess, body: () => ({}) }),
  step('POST processes/:id/versions/:number/restore', { ...ofVersion, body: () => ({}) }),
  step('POST processes/:id/versions/:number/offline', ofVersion),
  step('POST processes/:id/versions/:number/online', ofVersion),
  step('POST processes/:id/versions/:number/offline', ofVersion),
  step('DELETE processes/:id/versions/:number', ofVersion),
  step('POST processes/:id/copy', { ...ofProcess, body: () => ({ namespace: 'default', name: 'copied' }) }),
  step('PUT calendars/:name', { ...named('holidays', { dates: ['2030-01-01'] }), query: 'namespace=default' }),
  step('DELETE calendars/:name', { ...named('holidays'), query: 'namespace=default' }),
  step('POST schedules', { body: () => ({ name: 'nightly', process: 'default/told', plan }), keeps: { schedule: 'id' } }),
  step('PUT schedules/:id', { ...ofSchedule, body: () => ({ process: 'default/told', plan: { ...plan, zone: 'Europe/Berlin' } }) }),
  step('POST schedules/:id/pause', { ...ofSchedule, body: () => ({}) }),
  step('POST schedules/:id/resume', { ...ofSchedule, body: () => ({}) }),
  step('POST schedules/:id/run', { ...ofSchedule, body: () => ({}) }),
  step('POST schedules/:id/backfills', {
    ...ofSchedule,
    body: () => ({ from: '2026-01-01T00:00:00Z', until: '2026-01-03T00:00:00Z' }),
  }),
  step('POST manifests', { body: () => ({ files: [{ name: 'a.yaml', content: definition('applied').content }] }) }),
  step('DELETE schedules/:id', ofSchedule),
  step('POST triggers', {
    body: () => ({ name: 'pushed', process: 'default/told', webhook: {} }),
    keeps: { trigger: 'id' },
  }),
  step('PUT triggers/:id', { ...ofTrigger, body: () => ({ process: 'default/told', webhook: {}, maxPerMinute: 7 }) }),
  step('POST triggers/:id/disable', { ...ofTrigger, body: () => ({}) }),
  step('POST triggers/:id/enable', { ...ofTrigger, body: () => ({}) }),
  step('POST triggers/:id/rotate', { ...ofTrigger, body: () => ({}) }),
  step('DELETE triggers/:id', ofTrigger),
  step('POST events', { body: () => ({ events: [{ type: 'shop.opened' }] }) }),
  step('DELETE processes/:id', ofProcess),
  step('DELETE groups/:name', named('crew')),
  step('DELETE roles/:name', named('deployer')),
  step('DELETE users/:id', ofAnn),
];

describe('every change that a gateway makes', () => {
  let harness: GatewayHarness;
  const made: Made = {};
  beforeAll(async () => {
    harness = await startGatewayHarness({ secretKey: randomBytes(32).toString('base64') });
  });
  afterAll(() => harness?.close());

  const carryOut = async ({ route, path, query, body, as, keeps = {} }: Step, requestId: string): Promise<string> => {
    const [method = '', template = ''] = route.split(' ');
    if (template === 'me/sessions/:id') await noteSession();
    const address = template.replaceAll(/:(\w+)/g, (_text, name: string) => encodeURIComponent(path?.(made)[name] ?? ''));
    const login: Record<string, string> = as === 'ann' && made['annToken'] ? { authorization: `Bearer ${made['annToken']}` } : {};
    const answer = await harness.ask(method, query ? `${address}?${query}` : address, body?.(made), {
      ...login,
      'x-request-id': requestId,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${text}`);
    for (const [name, member] of Object.entries(keeps)) made[name] = (JSON.parse(text) as Made)[member] ?? '';
    return text;
  };
  const noteSession = async () => {
    const answer = await harness.ask('GET', 'me/sessions', undefined, { authorization: `Bearer ${made['annToken']}` });
    made['annSession'] = ((await answer.json()) as { id: string }[])[0]?.id ?? '';
  };

  it.each(STEPS.map((one, position) => [one.route, position] as const))(
    '%s is recorded with what was and what is (%i)',
    async (_route, position) => {
      const requestId = `change-${position}`;
      await carryOut(STEPS[position] as Step, requestId);
      const { items } = AuditPage.parse(await (await harness.ask('GET', `audit?requestId=${requestId}`)).json());
      expect(items.length).toBeGreaterThan(0);
      for (const { actor, door, outcome, before, after } of items) {
        expect({ actor, door, outcome, told: before !== null || after !== null }).toEqual({
          ...{ actor: STEPS[position]?.as ?? 'admin', door: 'http', outcome: 'done', told: true },
        });
      }
    },
  );

  it('is told here, of all things that are', () => {
    const told = new Set(STEPS.map(({ route }) => route.replace(' ', ' /api/v1/')));
    const nouns = new Set([...told].map((route) => route.split('/')[3]));
    const changing = routesOf(CONTROLLERS)
      .filter(({ method, path }) => method !== 'GET' && nouns.has(path.split('/')[3]))
      .map(({ method, path }) => `${method} ${path}`);
    expect(changing.filter((route) => !told.has(route) && !QUESTIONS.includes(route) && !TOLD_ELSEWHERE.includes(route))).toEqual([]);
  });

  it('leaves no secret in the trail', async () => {
    const { rows } = await harness.pool.query<{ record: string }>('select r::text as record from system.audit_record r');
    const all = rows.map(({ record }) => record).join('\n');
    expect(rows.length).toBeGreaterThanOrEqual(STEPS.length);
    for (const secret of [PASSWORD, SECRET_VALUE, made['totp'] ?? '-', made['annToken'] ?? '-']) expect(all).not.toContain(secret);
  });
});

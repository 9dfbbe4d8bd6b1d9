import { createHmac, randomBytes } from 'node:crypto';
import type { EvaluationPage, TriedTrigger, TriggerDetail, TriggerPage, TriggerWithAddress, WebhookTaken } from '@orderlines/contracts';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

const HOOK_SECRET = 'what GitHub and we know';
const push = { ref: 'refs/heads/main', after: 'c0ffee', password: 'hunter2', commits: [{ id: 'c0ffee' }] };

describe('triggers over HTTP', () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness({ secretKey: randomBytes(32).toString('base64') });
    const content =
      'apiVersion: orderlines/v1\nkind: Process\nname: build\nparams: [{ name: commit, type: string, required: true }, { name: tries, type: integer, default: 1 }]\nflow: [{ id: a, type: end }]\n';
    expect((await harness.ask('POST', 'processes', { content })).status).toBe(201);
    expect((await harness.ask('PUT', 'secrets/hook?namespace=default', { value: HOOK_SECRET })).status).toBeLessThan(300);
  }, 60_000);
  afterAll(() => harness?.close());

  const ask = async <T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> => {
    const answer = await harness.ask(method, path, body);
    return { status: answer.status, body: (answer.status === 204 ? undefined : await answer.json()) as T };
  };
  const settings = { process: 'default/build', params: { commit: '${{ event.body.after }}' } };
  const make = async (name: string, more: object = {}): Promise<TriggerWithAddress> => {
    const { status, body } = await ask<TriggerWithAddress>('POST', 'triggers', { name, ...settings, webhook: {}, ...more });
    expect([status, body]).toEqual([201, expect.anything()]);
    return body;
  };
  const call = (path: string | null, body: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`http://127.0.0.1:${harness.gateway.port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: body as string,
    });
  const evaluations = async (id: string): Promise<EvaluationPage['items']> =>
    (await ask<EvaluationPage>('GET', `triggers/${id}/evaluations`)).body.items;

  it('are made, listed, changed, disabled with a note, enabled, rotated and removed', async () => {
    const { id, path } = await make('life', { labels: { team: 'web' } });
    expect(path).toMatch(/^\/api\/v1\/webhooks\/olw_/);
    const { body: shown } = await ask<TriggerDetail>('GET', `triggers/${encodeURIComponent('default/life')}`);
    expect(shown).toMatchObject({ id, kind: 'webhook', enabled: true, counts: {}, timers: [], event: null, maxPerMinute: 60 });
    expect(JSON.stringify(shown)).not.toContain(path?.split('/').at(-1));
    expect((await ask<TriggerPage>('GET', 'triggers?kind=webhook&name=LIF&enabled=true')).body.items).toHaveLength(1);
    const changed = await ask<TriggerWithAddress>('PUT', `triggers/${id}`, { ...settings, filter: 'event.body.ref != ""', webhook: {} });
    expect(changed.body).toMatchObject({ filter: 'event.body.ref != ""', path: null });
    expect((await ask('POST', `triggers/${id}/disable`, { note: 'too loud' })).body).toMatchObject({ enabled: false, note: 'too loud' });
    expect((await call(path, '{}')).status).toBe(409);
    expect((await ask('POST', `triggers/${id}/enable`, {})).body).toMatchObject({ enabled: true, note: '' });
    const { body: rotated } = await ask<TriggerWithAddress>('POST', `triggers/${id}/rotate`, {});
    expect((await call(path, '{}')).status).toBe(404);
    expect((await call(rotated.path, '{}')).status).toBe(202);
    expect((await ask('DELETE', `triggers/${id}`)).status).toBe(204);
    expect((await call(rotated.path, '{}')).status).toBe(404);
    const { rows } = await harness.pool.query<{ action: string }>(
      'select action from system.audit_record where subject_id = $1 order by id',
      [id],
    );
    expect(rows.map(({ action }) => action)).toEqual(['create', 'update', 'disable', 'enable', 'rotate', 'receive', 'delete']);
  });

  it.each([
    ['a filter that cannot be read', { filter: 'event.body. ==' }, ['filter']],
    ['a filter over what is not there', { filter: 'tasks.a.result' }, ['filter']],
    ['a param that the process has not', { params: { commit: 'x', branch: 'y' } }, ['params.branch']],
    ['a param that does not fit', { params: { commit: 'x', tries: 'many' } }, ['params.tries']],
    ['a param that is missing', { params: {} }, ['params.commit']],
    ['a mapping that cannot be read', { params: { commit: '${{ event. }}' } }, ['params.commit']],
    ['a signature without a secret', { webhook: { signature: { style: 'github' } } }, ['webhook.signature.secret']],
    ['a secret that is not there', { webhook: { signature: { style: 'github', secret: 'no' } } }, ['webhook.signature.secret']],
    ['both kinds at once', { event: { types: ['a.b'] } }, ['event']],
    ['a type that is none', { webhook: null, event: { types: ['A b'] } }, ['event.types[0]']],
    ['a quiet time that is none', { webhook: null, event: { types: ['a.b'], debounce: { quiet: 'soon' } } }, ['event.debounce.quiet']],
    ['an absence of nothing', { webhook: null, event: { types: ['a.b'], absence: {} } }, ['event.absence']],
    [
      'a deadline that never comes',
      { webhook: null, event: { types: ['a.b'], absence: { deadline: { cron: '0 0 31 2 *' } } } },
      ['event.absence.deadline.cron'],
    ],
    ['several mistakes, all told', { filter: 'nope', params: { commit: '${{ nope }}' } }, ['filter', 'params.commit']],
  ])('refuse %s with the reason and the place', async (_what, more, paths) => {
    const { status, body } = await ask<{ errors: { path: string; message: string }[] }>('POST', 'triggers', {
      ...{ name: 'wrong', ...settings, webhook: {} },
      ...more,
    });
    expect(status).toBe(422);
    expect([...new Set(body.errors.map((problem) => problem.path))]).toEqual(paths);
  });

  it('take a request of GitHub that is signed, and the same delivery once', async () => {
    const { id, path } = await make('github', { webhook: { signature: { style: 'github', secret: 'hook' } } });
    const body = JSON.stringify(push);
    const headers = (secret = HOOK_SECRET) => ({
      'x-github-event': 'push',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    });
    expect((await call(path, body)).status).toBe(401);
    expect((await call(path, body, headers('wrong'))).status).toBe(401);
    const first = await call(path, body, headers());
    expect(first.status).toBe(202);
    const taken = (await first.json()) as WebhookTaken;
    expect(await (await call(path, body, headers())).json()).toEqual({ evaluation: taken.evaluation, duplicate: true });
    const kept = await evaluations(id);
    expect(kept.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['duplicate', 'delivery.known'],
      ['received', null],
      ['refused', 'webhook.signature'],
      ['refused', 'webhook.unsigned'],
    ]);
    expect(kept[1]).toMatchObject({ id: taken.evaluation, eventType: 'push' });
    expect(kept[1]?.excerpt).toContain('c0ffee');
    expect(kept[1]?.excerpt).not.toContain('hunter2');
    expect(kept[1]?.excerpt).not.toContain('sha256=');
  });

  it('take no more than they may in a minute, and say when to come again', async () => {
    const { id, path } = await make('busy', { maxPerMinute: 2 });
    expect([(await call(path, '{}')).status, (await call(path, '{}')).status]).toEqual([202, 202]);
    const refused = await Promise.all([call(path, '{}'), call(path, '{}'), call(path, '{}')]);
    expect(refused.map(({ status }) => status)).toEqual([429, 429, 429]);
    expect(refused[0]?.headers.get('retry-after')).toBe('60');
    const throttled = (await evaluations(id)).filter(({ reason }) => reason === 'webhook.throttled');
    expect(throttled.length).toBeLessThanOrEqual(2);
  });

  it('take JSON, forms and text, and refuse what is too large or only says that it is JSON', async () => {
    const { id, path } = await make('shapes');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await call(path, `payload=${encodeURIComponent(JSON.stringify(push))}`, form);
    await call(path, 'a=1&b=2', form);
    await call(path, 'plain', { 'content-type': 'text/plain' });
    expect((await call(path, '{"a":')).status).toBe(400);
    expect((await call(path, `[${'['.repeat(500)}`)).status).toBe(400);
    expect((await call(path, `${'['.repeat(500)}${']'.repeat(500)}`)).status).toBe(422);
    expect((await call(path, Buffer.alloc(1_100_000, 'x'))).status).toBe(413);
    const { rows } = await harness.pool.query<{ body: unknown }>(
      `select event -> 'body' as body from schedule.trigger_evaluation where trigger_id = $1 order by id`,
      [id],
    );
    expect(rows.map(({ body }) => body)).toEqual([push, { a: '1', b: '2' }, 'plain']);
  });

  it('keep neither token nor secret anywhere in clear', async () => {
    const { path } = await make('hidden', { webhook: { signature: { style: 'gitlab', secret: 'hook' } } });
    expect((await call(path, '{}', { 'x-gitlab-token': HOOK_SECRET })).status).toBe(202);
    expect((await call(path, '{}', { 'x-gitlab-token': 'wrong' })).status).toBe(401);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const token = path?.split('/').at(-1) ?? '';
    for (const table of ['schedule.trigger', 'schedule.trigger_evaluation', 'system.audit_record', 'system.api_log']) {
      const { rows } = await harness.pool.query<{ row: string }>(`select t::text as row from ${table} t`);
      const text = rows.map(({ row }) => row).join('\n');
      expect({ table, has: text.includes(token) || text.includes(HOOK_SECRET) }).toEqual({ table, has: false });
    }
  });

  it('can be tried with an event: what the filter says, and what the run would be given', async () => {
    const { id } = await make('tried', { filter: "event.body.ref == 'refs/heads/main'" });
    const tried = async (event: object) => (await ask<TriedTrigger>('POST', `triggers/${id}/try`, { event })).body;
    expect(await tried({ body: push })).toEqual({ matches: true, reason: null, message: null, params: { commit: 'c0ffee' }, key: '' });
    expect(await tried({ body: { ...push, ref: 'other' } })).toMatchObject({ matches: false, reason: 'filter', params: null });
    expect(await tried({ body: { ref: 'refs/heads/main' } })).toMatchObject({ matches: true, reason: 'params', params: null });
    expect(await tried({})).toMatchObject({ matches: false, reason: 'filter', message: expect.stringContaining('filter') });
    expect((await ask('POST', `triggers/${id}/try`, { event: { bodi: 1 } })).status).toBe(422);
    expect(await evaluations(id)).toEqual([]);
  });

  it('of the same name are refused; another namespace may have it', async () => {
    await make('twice');
    const { status, body } = await ask<{ code: string }>('POST', 'triggers', { name: 'twice', ...settings, webhook: {} });
    expect([status, body.code]).toEqual([409, 'trigger.name-taken']);
  });

  it('are described by files: made, left alone when nothing differs, changed, and exported without their address', async () => {
    const file = (more = '') => `apiVersion: orderlines/v1
kind: Trigger
name: from-file
process: default/build
params: { commit: '\${{ event.data.commit }}' }
event: { types: [repository.push], debounce: { quiet: 30s } }
${more}`;
    const apply = async (content: string) =>
      (
        await ask<{ changes: { action: string; outcome: string }[] }>('POST', 'manifests', { files: [{ name: 't.yaml', content }] })
      ).body.changes.map(({ action, outcome }) => `${action} ${outcome}`);
    expect(await apply(file())).toEqual(['create done']);
    expect(await apply(file())).toEqual(['unchanged left']);
    expect(await apply(file('enabled: false\n'))).toEqual(['update done']);
    expect((await ask<TriggerDetail>('GET', 'triggers/default%2Ffrom-file')).body).toMatchObject({
      enabled: false,
      event: { types: ['repository.push'] },
    });
    const exported = await (await harness.ask('GET', 'namespaces/default/manifests')).text();
    expect(exported).toContain('kind: Trigger');
    expect(exported).not.toContain('olw_');
  });
});

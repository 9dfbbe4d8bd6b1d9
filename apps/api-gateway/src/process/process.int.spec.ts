import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { announceWorker, simpleDefinition, StoredRun } from '../testing/stored-run.js';

interface Body {
  readonly id: string;
  readonly code: string;
  readonly version: number;
  readonly errors: { readonly line?: number; readonly path: string; readonly code: string }[];
  readonly items: { readonly name: string }[];
  readonly nextCursor: string | null;
  readonly problems: readonly unknown[];
}

describe('processes over HTTP', () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    await announceWorker(harness.pool);
  });
  afterAll(() => harness?.close());

  const ask = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = await harness.ask(method, path, body, headers);
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body };
  };

  it('are stored as numbered versions; the same content again answers 200 with the same one', async () => {
    const first = await ask('POST', 'processes', { content: simpleDefinition('numbered') });
    expect(first).toMatchObject({ status: 201, body: { namespace: 'default', name: 'numbered', version: 1, converted: [] } });
    expect(await ask('POST', 'processes', { content: simpleDefinition('numbered') })).toMatchObject({ status: 200, body: { version: 1 } });
    const second = await ask('POST', 'processes', { content: simpleDefinition('numbered', 'description: more\n') });
    expect(second).toMatchObject({ status: 201, body: { id: first.body.id, version: 2 } });
    const versions = await ask('GET', `processes/${first.body.id}/versions`);
    expect(versions.body.items).toMatchObject([{ number: 2 }, { number: 1 }]);
    expect(await ask('GET', `processes/${encodeURIComponent('default/numbered')}`)).toMatchObject({
      status: 200,
      body: { id: first.body.id, latestVersion: 2, hasDraft: false, document: { description: 'more' } },
    });
  });

  it('with problems are refused with all of them, and nothing is stored', async () => {
    const content =
      'apiVersion: orderlines/v1\nkind: Process\nname: wrong\ncolor: red\nflow:\n  - { id: a, uses: shel }\n  - { id: b, uses: log, next: nowhere }\n';
    const { status, headers, body } = await ask('POST', 'processes', { content, format: 'yaml' });
    expect({ status, type: headers.get('content-type') }).toMatchObject({
      status: 422,
      type: expect.stringContaining('application/problem+json'),
    });
    expect(body).toMatchObject({ status: 422, code: 'definition.invalid' });
    expect(body.errors.length).toBeGreaterThanOrEqual(4);
    expect(body.errors.every(({ line }) => line !== undefined && line >= 4)).toBe(true);
    expect((await ask('GET', 'processes?name=wrong')).body.items).toEqual([]);
  });

  it('given as broken YAML or as nothing are refused with the place', async () => {
    expect((await ask('POST', 'processes', { content: 'flow: [ { id: a' })).body.errors[0]).toMatchObject({
      line: 1,
      code: 'definition.syntax',
    });
    expect(await ask('POST', 'processes', { content: '' })).toMatchObject({ status: 422 });
  });

  it('are only checked by validate and by dry', async () => {
    const valid = { content: simpleDefinition('checked') };
    expect(await ask('POST', 'processes/validate', valid)).toMatchObject({ status: 200, body: { valid: true, problems: [] } });
    expect(await ask('POST', 'processes', { ...valid, dry: true })).toMatchObject({ status: 200, body: { id: null, version: null } });
    expect(await ask('POST', 'processes/validate', { content: 'a: [' })).toMatchObject({ status: 200, body: { valid: false } });
    expect((await ask('GET', 'processes?name=checked')).body.items).toEqual([]);
  });

  it('above 4 MiB are refused by the definition, and bodies above the limit unread', async () => {
    const big = (bytes: number) => ({ content: simpleDefinition('big', `description: ${'x'.repeat(bytes)}\n`) });
    expect(await ask('POST', 'processes', big(5 * 1024 * 1024))).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'definition.too-large' }] },
    });
    expect(await ask('POST', 'processes', big(10 * 1024 * 1024))).toMatchObject({ status: 413, body: { code: 'request.too-large' } });
  });

  it('come out as they were written, or in another form', async () => {
    const content = `# a comment\n${simpleDefinition('written')}`;
    const { id } = (await ask('POST', 'processes', { content })).body;
    const source = async (format: string) => (await harness.ask('GET', `processes/${id}/versions/1/source${format}`)).text();
    expect(await source('')).toBe(content);
    expect(await source('?format=yaml')).toBe(content);
    expect(JSON.parse(await source('?format=json'))).toMatchObject({ name: 'written' });
    expect(JSON.parse(await source('?format=legacy'))).toMatchObject({
      status: 422,
      code: 'definition.inexpressible',
      errors: [{ path: 'flow[0]' }],
    });
    expect(await ask('GET', `processes/${id}/versions/9/source`)).toMatchObject({
      status: 404,
      body: { code: 'process-version.not-found' },
    });
  });

  it('of the older format say what was converted, and are found by their process_id', async () => {
    const content = JSON.stringify({
      process_info: { process_id: 'p-1@home', process_name: 'older', namespace: 'team', creator: 'me', process_config: { is_send: false } },
      variable: [],
      task_nodes: [
        { task_id: '1', task_name: 'start', task_type: 'start', method_name: 'start', task_module: 'BuiltIn', prev_id: null, next_id: '2' },
        { task_id: '2', task_name: 'end', task_type: 'end', method_name: 'end', task_module: 'BuiltIn', prev_id: '1', next_id: null },
      ],
    });
    const built = await ask('POST', 'processes', { content });
    expect(built.body).toMatchObject({ name: 'older', namespace: 'team', version: 1 });
    expect(await ask('GET', `processes/${encodeURIComponent('p-1@home')}`)).toMatchObject({ status: 200, body: { id: built.body.id } });
    expect(await (await harness.ask('GET', `processes/${built.body.id}/versions/1/source?format=legacy`)).text()).toBe(content);
  });

  it('are listed page by page', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await ask('POST', 'processes', { content: simpleDefinition(name) });
    const first = (await ask('GET', 'processes?name=PAGE-&limit=2')).body;
    expect(first.items.map(({ name }) => name)).toEqual(['page-a', 'page-b']);
    const second = (await ask('GET', `processes?name=page-&limit=2&cursor=${first.nextCursor}`)).body;
    expect(second).toMatchObject({ items: [{ name: 'page-c' }], nextCursor: null });
    expect(await ask('GET', 'processes?cursor=nonsense')).toMatchObject({ status: 422, body: { code: 'request.invalid-cursor' } });
    for (const limit of ['0', 'abc', '1.5', '501']) {
      expect(await ask('GET', `processes?limit=${limit}`)).toMatchObject({
        status: 422,
        body: { errors: [{ path: 'limit', message: 'a page has 1 to 500 items; write a whole number' }] },
      });
    }
  });

  it('have one draft that nobody overwrites unseen, and that becomes a version', async () => {
    const made = await ask('POST', 'processes', {
      content: simpleDefinition('drafted', 'color: red\n').replace('color', 'timeoutt'),
      draft: true,
    });
    // The schema refuses the key, so it is not known which process it is.
    expect(made.status).toBe(422);
    const { id } = (await ask('POST', 'processes', { content: simpleDefinition('drafted'), draft: true })).body;
    const read = await ask('GET', `processes/${id}/draft`);
    const etag = read.headers.get('etag') ?? '';
    expect(read).toMatchObject({ status: 200, body: { problems: [], format: 'yaml' } });
    const broken = { content: 'apiVersion: [' };
    const saved = await ask('PUT', `processes/${id}/draft`, broken, { 'if-match': etag });
    expect(saved).toMatchObject({ status: 200, body: { problems: [{ severity: 'error' }] } });
    expect(await ask('PUT', `processes/${id}/draft`, broken, { 'if-match': etag })).toMatchObject({
      status: 412,
      body: { code: 'draft.changed' },
    });
    expect(await ask('PUT', `processes/${id}/draft`, broken, { 'if-none-match': '*' })).toMatchObject({ status: 412 });
    expect(await ask('POST', `processes/${id}/draft/publish`)).toMatchObject({ status: 422, body: { code: 'definition.invalid' } });
    await ask('PUT', `processes/${id}/draft`, { content: simpleDefinition('drafted') });
    expect(await ask('POST', `processes/${id}/draft/publish`)).toMatchObject({ status: 201, body: { id, version: 1 } });
    expect(await ask('GET', `processes/${id}/draft`)).toMatchObject({ status: 404, body: { code: 'draft.missing' } });
  });

  it('have a draft that says when it means another process', async () => {
    const { id } = (await ask('POST', 'processes', { content: simpleDefinition('mine') })).body;
    const saved = async (content: string) => (await ask('PUT', `processes/${id}/draft`, { content })).body.problems;
    expect(await saved(simpleDefinition('mine'))).toEqual([]);
    expect(await saved(simpleDefinition('yours'))).toMatchObject([{ code: 'definition.other-name', path: 'name', severity: 'warning' }]);
    expect(await saved(simpleDefinition('mine', 'namespace: elsewhere\n'))).toMatchObject([
      { code: 'definition.other-namespace', path: 'namespace', severity: 'error' },
    ]);
    expect(await ask('POST', `processes/${id}/draft/publish`)).toMatchObject({ status: 409, body: { code: 'process.name-taken' } });
  });

  it('lose their draft when it is thrown away', async () => {
    const { id } = (await ask('POST', 'processes', { content: simpleDefinition('undrafted') })).body;
    await ask('PUT', `processes/${id}/draft`, { content: simpleDefinition('undrafted', 'description: more\n') });
    expect((await harness.ask('DELETE', `processes/${id}/draft`)).status).toBe(204);
    expect(await ask('DELETE', `processes/${id}/draft`)).toMatchObject({ status: 404, body: { code: 'draft.missing' } });
  });

  it('are removed when their runs have ended, and free their name', async () => {
    const { id } = (await ask('POST', 'processes', { content: simpleDefinition('removed') })).body;
    const run = await new StoredRun(harness.pool).create(id);
    expect(await ask('DELETE', `processes/${id}`)).toMatchObject({ status: 409, body: { code: 'process.in-use' } });
    await run.fact({ type: 'instance', status: 'SUCCESS' });
    expect((await harness.ask('DELETE', `processes/${id}`)).status).toBe(204);
    expect(await ask('DELETE', `processes/${id}`)).toMatchObject({ status: 404, body: { code: 'process.not-found' } });
    expect(await ask('GET', `instances/${run.id}`)).toMatchObject({ status: 200 });
    const again = await ask('POST', 'processes', { content: simpleDefinition('removed') });
    expect(again).toMatchObject({ status: 201, body: { version: 1 } });
    expect(again.body.id).not.toBe(id);
  });

  it('have a JSON Schema for editors', async () => {
    expect(await ask('GET', 'processes/schema')).toMatchObject({ status: 200, body: { title: 'orderlines process' } });
  });

  it('with characters that cannot be stored are refused', async () => {
    const content = JSON.stringify({ apiVersion: 'orderlines/v1', kind: 'Process', name: 'nul', description: 'a\u0000b', flow: [] });
    for (const odd of [content, content.replace('\\u0000', '\\ud800')]) {
      const { status, body } = await ask('POST', 'processes', { content: odd, format: 'json' });
      expect({ status, code: body.code }).toMatchObject({ status: 422, code: expect.stringMatching(/unstorable|invalid/) });
    }
  });

  it('that are not there are named', async () => {
    expect(await ask('GET', 'processes/nothing')).toMatchObject({
      status: 404,
      body: { code: 'process.not-found', detail: expect.stringContaining('"nothing"') },
    });
  });
});

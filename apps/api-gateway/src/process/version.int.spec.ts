import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { announceWorker } from '../testing/stored-run.js';

const text = (name: string, flow: string, top = '') =>
  `# kept\napiVersion: orderlines/v1\nkind: Process\nname: ${name}\n${top}flow:\n${flow}\n`;
const HELLO = '  - { id: hello, uses: log, with: { message: hi } }';
const LOUD = '  - { id: hello, uses: log, with: { message: HI } }\n  - { id: more, uses: log, with: { message: more } }';

describe('the life of versions', () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    await announceWorker(harness.pool);
  });
  afterAll(() => harness?.close());

  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await harness.ask(method, path, body);
    const said = await answer.text();
    return { status: answer.status, body: (said === '' ? null : JSON.parse(said)) as never };
  };
  const build = async (name: string, ...flows: string[]): Promise<string> => {
    for (const flow of flows) await ask('POST', 'processes', { content: text(name, flow) });
    return `processes/${encodeURIComponent(`default/${name}`)}`;
  };
  const schedule = (name: string, process: string) =>
    ask('POST', 'schedules', { name, process, plan: { trigger: { type: 'cron', expression: '0 4 * * *' }, zone: 'UTC' } });

  it('versions are compared with each other, with the draft and with a text', async () => {
    const process = await build('compared', HELLO, LOUD);
    const between = {
      settings: [],
      nodes: [expect.objectContaining({ path: 'hello', change: 'changed' }), expect.objectContaining({ path: 'more', change: 'added' })],
    };
    expect(await ask('GET', `${process}/compare?from=1&to=2`)).toMatchObject({ status: 200, body: { from: 1, to: 2, ...between } });
    expect(await ask('GET', `${process}/compare`)).toMatchObject({ body: { from: 2, to: 'draft', nodes: [] } });
    expect(await ask('POST', `${process}/compare`, { from: 1, content: text('compared', LOUD) })).toMatchObject({
      body: { from: 1, to: 'text', ...between },
    });
    expect(await ask('GET', `${process}/compare?from=9`)).toMatchObject({ status: 404, body: { code: 'process-version.not-found' } });
    expect(await ask('GET', `${process}/compare?from=newest`)).toMatchObject({ status: 422 });
    expect(await ask('POST', `${process}/compare`, { content: 'flow: [' })).toMatchObject({
      status: 422,
      body: { code: 'definition.invalid' },
    });
  });

  it('a withdrawn version starts nothing, and what follows the latest falls back to the one before', async () => {
    const process = await build('withdrawn', HELLO, LOUD);
    expect(await ask('POST', `${process}/versions/2/offline`)).toMatchObject({ status: 200, body: { number: 2, status: 'offline' } });
    expect(await ask('GET', process)).toMatchObject({ body: { document: { flow: [{ with: { message: 'hi' } }] } } });
    expect(await ask('POST', 'instances', { process: 'default/withdrawn@2' })).toMatchObject({
      status: 409,
      body: { code: 'process-version.offline' },
    });
    await ask('POST', `${process}/versions/1/offline`);
    expect(await ask('POST', 'instances', { process: 'default/withdrawn' })).toMatchObject({
      status: 409,
      body: { code: 'process.not-published' },
    });
    expect(await ask('POST', `${process}/versions/2/online`)).toMatchObject({ body: { status: 'published' } });
    expect(await ask('POST', `${process}/versions/7/online`)).toMatchObject({ status: 404 });
  });

  it('a version is restored as the draft, over another draft only when that is said', async () => {
    const process = await build('restored', HELLO, LOUD);
    expect(await ask('POST', `${process}/versions/1/restore`, {})).toMatchObject({
      status: 200,
      body: { content: text('restored', HELLO), problems: [] },
    });
    expect(await ask('POST', `${process}/versions/2/restore`, {})).toMatchObject({ status: 412, body: { code: 'draft.changed' } });
    expect(await ask('POST', `${process}/versions/2/restore`, { replaceDraft: true })).toMatchObject({ status: 200 });
    expect(await ask('GET', `${process}/compare`)).toMatchObject({ body: { nodes: [] } });
  });

  it('a copy has the comments of its original and a history of its own', async () => {
    const process = await build('original', HELLO, LOUD);
    await ask('PUT', 'namespaces/team', {});
    const copied = await ask('POST', `${process}/copy`, { namespace: 'team', version: 1 });
    expect(copied).toMatchObject({ status: 201, body: { namespace: 'team', name: 'original', version: 1 } });
    const source = await (await harness.ask('GET', `processes/${encodeURIComponent('team/original')}/versions/1/source`)).text();
    expect(source).toContain('# kept');
    expect(source).toContain('namespace: team');
    expect(await ask('POST', `${process}/copy`, { namespace: 'team' })).toMatchObject({
      status: 409,
      body: { code: 'process.name-taken' },
    });
    expect(await ask('POST', `${process}/copy`, { namespace: 'team', name: 'a/b' })).toMatchObject({ status: 422 });
    expect(await ask('POST', `${process}/copy`, { namespace: 'default', name: 'other' })).toMatchObject({
      status: 201,
      body: { name: 'other' },
    });
  });

  it('a process is removed when nothing refers to it; who does is named', async () => {
    const process = await build('called', HELLO, LOUD);
    const caller = await build('caller', '  - { id: call, type: process, process: called, version: 1 }');
    await schedule('nightly', 'default/called');
    const trigger = { name: 'pushed', process: 'default/called', webhook: {} };
    expect(await ask('POST', 'triggers', trigger)).toMatchObject({ status: 201 });
    const refused = await ask('DELETE', process);
    expect(refused).toMatchObject({ status: 409, body: { code: 'process.in-use' } });
    expect((refused.body as { detail: string }).detail).toMatch(/default\/nightly.*default\/pushed.*default\/caller/);
    await ask('DELETE', `schedules/${encodeURIComponent('default/nightly')}`);
    await ask('DELETE', `triggers/${encodeURIComponent('default/pushed')}`);
    await ask('DELETE', caller);
    expect(await ask('DELETE', process)).toMatchObject({ status: 204 });
  });

  it('a version is removed when it is offline and nothing used it or stays with it', async () => {
    const process = await build('versions', HELLO, LOUD, HELLO);
    const refused = async (number: number): Promise<string> => {
      const { status, body } = await ask('DELETE', `${process}/versions/${number}`);
      expect(status).toBe(409);
      return (body as { detail: string }).detail;
    };
    expect(await refused(1)).toMatch(/take it offline/);
    await ask('POST', `${process}/versions/1/offline`);
    await ask('POST', `${process}/versions/3/offline`);
    expect(await refused(3)).toMatch(/newest/);
    await schedule('pinned', 'default/versions@2');
    await build('stays', '  - { id: group, type: group, flow: [{ id: call, type: process, process: versions, version: 2 }] }');
    await ask('POST', `${process}/versions/2/offline`);
    expect(await refused(2)).toMatch(/default\/pinned.*default\/stays/);
    expect(await ask('DELETE', `${process}/versions/1`)).toMatchObject({ status: 204 });
    expect(await ask('GET', `${process}/versions/1`)).toMatchObject({ status: 404 });
  });

  it('a check tells what is missing and what publishing touches, and stores nothing', async () => {
    const process = await build('checked', HELLO);
    await build('outer', '  - { id: call, type: process, process: default/checked }');
    await schedule('hourly', 'default/checked');
    const content = text(
      'checked',
      [
        '  - { id: hello, uses: log, with: { message: "${{ secrets.token }} ${{ config.region }}" } }',
        '  - { id: ask, uses: log, queue: gpu, with: { message: "https://api.example.org/x" } }',
        '  - { id: call, type: process, process: nobody }',
      ].join('\n'),
    );
    const check = await ask('POST', 'processes/check', { content });
    expect(check).toMatchObject({
      status: 200,
      body: {
        valid: true,
        version: 1,
        missing: { secrets: ['token'], variables: ['region'], queues: ['gpu'], processes: ['default/nobody'] },
        touches: {
          schedules: [{ name: 'hourly', version: null, callback: false }],
          callers: [{ name: 'outer', pins: [] }],
          hosts: ['api.example.org'],
        },
      },
    });
    expect(await ask('GET', `${process}/versions`)).toMatchObject({ body: { items: [{ number: 1 }] } });
    const unreadable = text('checked', '  - { id: hello, uses: log, with: { message: "${{ 1 + }}" } }');
    expect(await ask('POST', 'processes/check', { content: unreadable })).toMatchObject({
      status: 200,
      body: { valid: false, version: 1, changes: { nodes: [{ path: 'hello' }] }, missing: { secrets: [] } },
    });
    expect(await ask('POST', 'processes/check', { content: 'flow: [' })).toMatchObject({
      status: 200,
      body: { valid: false, changes: null },
    });
    expect(await ask('GET', `${process}/draft/check`)).toMatchObject({ status: 404, body: { code: 'draft.missing' } });
    await ask('PUT', `${process}/draft`, { content });
    expect(await ask('GET', `${process}/draft/check`)).toMatchObject({
      status: 200,
      body: { changes: { nodes: [{ change: 'changed' }, { change: 'added' }, { change: 'added' }] } },
    });
  });
});

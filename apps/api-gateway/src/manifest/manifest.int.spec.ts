import { readFile } from 'node:fs/promises';
import { ManifestReport, type ManifestBody } from '@orderlines/contracts';
import { textsOf } from './manifest-texts.js';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { announceWorker } from '../testing/stored-run.js';

const process = (name: string, flow = 'log, with: { message: hello }', more = '') =>
  `apiVersion: orderlines/v1\nkind: Process\nnamespace: shop # where it is\nname: ${name}\n${more}flow:\n  - { id: a, uses: ${flow} }\n`;
const CALLER = `apiVersion: orderlines/v1\nkind: Process\nnamespace: shop\nname: caller\nflow:\n  - { id: run, type: process, process: called }\n`;
const schedule = (more = '') =>
  `apiVersion: orderlines/v1\nkind: Schedule\nnamespace: shop\nname: nightly\nprocess: shop/caller\nplan: { trigger: { type: cron, expression: '0 3 * * *' }, calendars: [holidays] }\n${more}`;
const CALENDAR = `apiVersion: orderlines/v1\nkind: Calendar\nnamespace: shop\nname: holidays\ndates: ['2030-01-01']\n`;
const variable = (value: string) =>
  `apiVersion: orderlines/v1\nkind: Variable\nnamespace: shop\nname: region\ntype: string\nvalue: ${value}\n`;
const SETTINGS = `${variable('eu')}---\n${CALENDAR}---\n${schedule()}`;
const FILES = [
  { name: 'caller.yaml', content: CALLER },
  { name: 'called.yaml', content: process('called') },
  { name: 'settings.yaml', content: SETTINGS },
];

describe('things that files describe', () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    await announceWorker(harness.pool);
  });
  afterAll(() => harness?.close());

  const ask = (body: Partial<ManifestBody>) => harness.ask('POST', 'manifests', body);
  const apply = async (files: ManifestBody['files'], more: Partial<ManifestBody> = {}) => {
    const answer = await ask({ files, ...more });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return ManifestReport.parse(JSON.parse(text));
  };
  const told = ({ changes }: ManifestReport) => changes.map(({ kind, name, action, outcome }) => `${action} ${kind} ${name} ${outcome}`);
  const exported = async (namespace: string) => (await harness.ask('GET', `namespaces/${namespace}/manifests`)).text();

  it('are planned without being made, then made in the order in which they need each other, then left', async () => {
    const plan = await apply(FILES, { dry: true });
    expect(told(plan)).toEqual([
      ...['create Variable region planned', 'create Calendar holidays planned', 'create Process called planned'],
      ...['create Process caller planned', 'create Schedule nightly planned'],
    ]);
    expect((await harness.ask('GET', 'processes/shop%2Fcalled')).status).toBe(404);
    const done = await apply(FILES, { plan: plan.digest });
    expect(new Set(done.changes.map(({ outcome }) => outcome))).toEqual(new Set(['done']));
    expect(done.digest).toBe(plan.digest);
    const again = await apply(FILES);
    expect(new Set(told(again).map((line) => line.replace(/ \S+ \S+ /, ' ')))).toEqual(new Set(['unchanged left']));
  });

  it('that have changed are told with what differs, and get it', async () => {
    const files = [
      { name: 'called.yaml', content: process('called', 'log, with: { message: bye }', 'timeout: 5m\n') },
      { name: 'settings.yaml', content: `${variable('us')}---\n${schedule('overlap: allow_all\npaused: true\n')}` },
    ];
    const { changes } = await apply(files);
    expect(changes.map(({ name, details, outcome }) => [name, outcome, details])).toEqual([
      ['region', 'done', ['value: "eu" → "us"']],
      ['called', 'done', ['version 1 → 2', '~ timeout', '~ node a']],
      ['nightly', 'done', ['overlap: "skip" → "allow_all"', 'paused: false → true']],
    ]);
    expect(await (await harness.ask('GET', 'schedules/shop%2Fnightly')).json()).toMatchObject({ overlap: 'allow_all', state: 'paused' });
    expect(told(await apply(files)).every((line) => line.startsWith('unchanged'))).toBe(true);
    expect(told(await apply(FILES)).filter((line) => line.startsWith('update'))).toHaveLength(3);
  });

  it('are those of the documentation, too', async () => {
    const page = await readFile(new URL('../../../../docs/versions.md', import.meta.url), 'utf8');
    const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
    const { valid, problems, changes } = await apply([{ name: 'versions.md', content: yaml }], { dry: true });
    expect({ valid, problems, kinds: changes.map(({ kind }) => kind) }).toEqual({
      ...{ valid: true, problems: [], kinds: ['Variable', 'Calendar', 'Process', 'Schedule'] },
    });
  });

  it('are kept from whoever may not make them: nothing is told of what is stored', async () => {
    const made = await harness.ask('POST', 'users', { userName: 'reader', password: 'correct horse battery' });
    expect(made.status).toBe(201);
    await harness.ask('PUT', 'users/reader/access', { roles: [{ role: 'viewer' }] });
    const login = await harness.ask('POST', 'sessions', { login: 'reader', password: 'correct horse battery' });
    const { token } = (await login.json()) as { token: string };
    for (const { name, content } of FILES) {
      const answer = await harness.ask(
        'POST',
        'manifests',
        { files: [{ name, content }], dry: true },
        { authorization: `Bearer ${token}` },
      );
      expect([403, 404]).toContain(answer.status);
    }
  });

  it('a plan that no longer holds is refused', async () => {
    const changed = [{ name: 'v.yaml', content: variable('asia') }];
    const { digest } = await apply(changed, { dry: true });
    await harness.ask('PUT', 'variables/region?namespace=shop', { type: 'string', value: 'asia' });
    expect(await (await ask({ files: changed, plan: digest })).json()).toMatchObject({ status: 409, code: 'manifest.plan-changed' });
  });

  it('with mistakes do nothing at all; each is told with its file and line', async () => {
    const files = [
      { name: 'good.yaml', content: process('good') },
      {
        name: 'bad.yaml',
        content: `${variable('x')}---\n${schedule().replace('process: shop/caller', 'process: shop/nobody')}colour: red\n`,
      },
      { name: 'twice.yaml', content: `${variable('y')}---\nkind: Wish\n---\n${process('broken', 'shel')}` },
    ];
    const report = await apply(files);
    expect(report).toMatchObject({ valid: false, changes: [] });
    expect(report.problems.map(({ file, line, code }) => [file, line, code])).toEqual(
      expect.arrayContaining([
        ['bad.yaml', expect.any(Number), 'manifest.invalid'],
        ['twice.yaml', undefined, 'manifest.twice'],
        ['twice.yaml', undefined, 'manifest.unknown-kind'],
        ['twice.yaml', expect.any(Number), 'definition.unknown-task-type'],
      ]),
    );
    const shel = report.problems.find(({ code }) => code === 'definition.unknown-task-type');
    expect(textsOf(files[2] ?? { name: '', content: '' })[2]?.linesBefore).toBeLessThan(shel?.line ?? 0);
    expect((await harness.ask('GET', 'processes/shop%2Fgood')).status).toBe(404);
    const dangling = await apply([{ name: 's.yaml', content: schedule().replace('shop/caller', 'shop/nobody') }]);
    expect(dangling).toMatchObject({ valid: false, problems: [{ code: 'manifest.process-missing', severity: 'error' }] });
  });

  it('that are in no file are deleted when that is asked for, in the namespaces of the files only', async () => {
    await harness.ask('POST', 'processes', { content: process('leftover') });
    await harness.ask('POST', 'processes', { content: CALLER.replace('caller', 'waste').replace('process: called', 'process: leftover') });
    await harness.ask('POST', 'processes', { content: process('elsewhere').replace('shop', 'other') });
    expect(told(await apply(FILES)).some((line) => line.startsWith('delete'))).toBe(false);
    const pruned = await apply(FILES, { prune: true });
    expect(told(pruned).filter((line) => line.startsWith('delete'))).toEqual(['delete Process waste done', 'delete Process leftover done']);
    expect((await harness.ask('GET', 'processes/other%2Felsewhere')).status).toBe(200);
  });

  it('of which one fails leave what comes after it', async () => {
    const past = schedule()
      .replace("{ type: cron, expression: '0 3 * * *' }", "{ type: date, at: '2001-01-01T00:00' }")
      .replace('nightly', 'past');
    const report = await apply([{ name: 'p.yaml', content: `${past}---\n${schedule('description: later\n')}` }]);
    expect(report.changes.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['past', 'failed'],
      ['nightly', 'left'],
    ]);
    expect(report.changes[0]?.message).toContain('plan.');
  });

  it('may be triggers: made, left, changed and disabled; the address of a webhook stays what it is', async () => {
    const trigger = (more: string) =>
      `apiVersion: orderlines/v1\nkind: Trigger\nnamespace: shop\nname: pushed\nprocess: shop/called\nwebhook: {}\n${more}`;
    const file = (more = '') => [{ name: 't.yaml', content: trigger(more) }];
    const hint = async () => ((await (await harness.ask('GET', 'triggers/shop%2Fpushed')).json()) as { tokenHint: string }).tokenHint;
    expect(told(await apply(file()))).toEqual(['create Trigger pushed done']);
    const before = await hint();
    expect(told(await apply(file()))).toEqual(['unchanged Trigger pushed left']);
    const { changes } = await apply(file('maxPerMinute: 5\nenabled: false\n'));
    expect(changes).toMatchObject([{ outcome: 'done', details: ['maxPerMinute: 60 → 5', 'enabled: true → false'] }]);
    expect(await (await harness.ask('GET', 'triggers/shop%2Fpushed')).json()).toMatchObject({ enabled: false, tokenHint: before });
    expect((await apply(file('event: { types: [run.*] }\n'))).problems).toMatchObject([{ file: 't.yaml', path: 'event' }]);
    expect(told(await apply(FILES, { prune: true })).at(0)).toBe('unchanged Variable region left');
    expect((await harness.ask('GET', 'triggers/shop%2Fpushed')).status).toBe(404);
    await apply(file('description: kept\n'));
  });

  it('come out of a namespace as one text, without secrets, and go into another one as they were', async () => {
    await harness.ask('POST', 'processes', { content: process('base').replaceAll('shop', 'common') });
    const flow =
      "log, with: { message: '${{ secrets.token }} ${{ config.region }} ${{ config.everywhere }}' } }\n  - { id: b, type: process, process: common/base";
    await harness.ask('POST', 'processes', { content: process('secretive', flow) });
    const text = await exported('shop');
    expect(text).toContain('shop # where it is');
    expect(text).not.toContain('apiVersion: orderlines/v1\nkind: Secret');
    const kinds = textsOf({ name: 'b', content: text }).map(({ kind }) => kind);
    expect(kinds).toEqual(['Bundle', 'Variable', 'Calendar', 'Process', 'Process', 'Process', 'Process', 'Schedule', 'Trigger']);
    expect(text).toMatch(/needs:\n {2}secrets:\n {4}- token\n {2}variables:\n {4}- everywhere\n/);
    expect(told(await apply([{ name: 'b', content: text }])).filter((line) => !line.startsWith('unchanged'))).toEqual([]);
    const moved = await apply([{ name: 'b', content: text }], { namespace: 'copied' });
    expect(moved.changes.map(({ namespace, name, action, outcome }) => [namespace, name, action, outcome])).toEqual([
      ...['region', 'holidays', 'called', 'caller', 'base', 'secretive', 'nightly', 'pushed'].map((name) =>
        name === 'base' ? ['common', name, 'unchanged', 'left'] : ['copied', name, 'create', 'done'],
      ),
    ]);
    const schedules = (await (await harness.ask('GET', 'schedules/copied%2Fnightly')).json()) as { process: string };
    expect(schedules.process).toBe('copied/caller');
    expect((await exported('copied')).replaceAll('copied', 'shop')).toBe(text);
    expect(await (await ask({ files: FILES, namespace: 'x' })).json()).toMatchObject({ status: 422, code: 'manifest.no-bundle' });
  });
});

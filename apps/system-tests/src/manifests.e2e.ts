import type { ManifestReport } from '@orderlines/contracts';
import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endOf, start } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const HEAD = 'apiVersion: orderlines/v1\n';
const FILES: Readonly<Record<string, string>> = {
  'processes/release.yaml': `${HEAD}kind: Process
namespace: shop
name: release
flow:
  - { id: build, type: process, process: build }
  - { id: say, uses: log, with: { message: 'to \${{ config.region }}' } }
`,
  'processes/build.yaml': `${HEAD}kind: Process\nnamespace: shop\nname: build\nflow: [{ id: make, uses: log, with: { message: made } }]\n`,
  'settings.yaml': `${HEAD}kind: Variable\nnamespace: shop\nname: region\ntype: string\nvalue: eu
---
${HEAD}kind: Schedule\nnamespace: shop\nname: nightly\nprocess: shop/release\nplan: { trigger: { type: cron, expression: '0 3 * * *' } }\npaused: true\n`,
};

/** `apply`, `export-namespace` and `import` by the command alone, on a whole system. */
describe('a namespace kept in files', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('manifests');
    await mkdir(join(folder.path, 'processes'));
    for (const [name, content] of Object.entries(FILES)) await write(name, content);
  }, 120_000);
  afterAll(async () => {
    await folder?.remove();
    await system?.close();
  });

  const write = (name: string, content: string) => writeFile(join(folder.path, name), content);
  const orderlines = (...argv: string[]) => system.platform.orderlines(argv);
  const apply = (...options: string[]) => orderlines('apply', '-f', folder.path, ...options);

  it('is planned, made, and then as it should be', async () => {
    const plan = await apply('--dry-run');
    expect(plan).toMatchObject({ code: 0 });
    expect(plan.stdout).toMatch(
      /\+ Variable shop\/region\n\+ Process shop\/build\n.*\n\+ Process shop\/release\n.*\n\+ Schedule shop\/nightly/,
    );
    expect((await orderlines('get', 'process', 'shop/release')).code).toBe(2);
    const made = await apply();
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('4 done') });
    expect(made.stderr).toContain('plan: 4 create');
    expect(await apply()).toMatchObject({ code: 0, stdout: 'nothing to do: 4 unchanged\n' });
    expect(await endOf(system.platform, await start(system.platform, 'shop/release'))).toMatchObject({ status: 'SUCCESS' });
  });

  it('changes with its files, and tells what differs', async () => {
    await write('settings.yaml', FILES['settings.yaml']?.replace('value: eu', 'value: us') ?? '');
    await write('processes/build.yaml', FILES['processes/build.yaml']?.replace('message: made', 'message: built') ?? '');
    const { code, stderr, stdout } = await apply();
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('2 done') });
    expect(stderr).toContain('value: "eu" → "us"');
    expect(stderr).toContain('version 1 → 2');
    expect(stderr).toContain('~ node make');
  });

  it('with an error stays as it is: the file and line are told', async () => {
    await write('processes/broken.yaml', `${HEAD}kind: Process\nnamespace: shop\nname: broken\nflow: [{ id: a, uses: shel }]\n`);
    const { code, stderr } = await apply('--yes');
    expect(code).toBe(2);
    expect(stderr).toContain(`${join(folder.path, 'processes/broken.yaml')}:5:`);
    expect(stderr).toContain('nothing was done');
    await rm(join(folder.path, 'processes/broken.yaml'));
  });

  it('goes out as one file and comes in elsewhere, without its secrets; done again, nothing happens', async () => {
    const bundle = (await orderlines('export-namespace', 'shop')).stdout;
    const file = join(folder.path, 'bundle.txt');
    await writeFile(file, bundle);
    const first = await system.platform.json<ManifestReport>(['import', '-f', file, '-n', 'branch']);
    expect(first.changes.map(({ kind, namespace, name, outcome }) => `${kind} ${namespace}/${name} ${outcome}`)).toEqual([
      ...['Variable branch/region done', 'Process branch/build done', 'Process branch/release done', 'Schedule branch/nightly done'],
    ]);
    const again = await system.platform.json<ManifestReport>(['import', '-f', file, '-n', 'branch']);
    expect(new Set(again.changes.map(({ action }) => action))).toEqual(new Set(['unchanged']));
    expect(await endOf(system.platform, await start(system.platform, 'branch/release'))).toMatchObject({ status: 'SUCCESS' });
  });

  it('loses what is in no file only when that is asked for and said twice', async () => {
    await rm(join(folder.path, 'processes/build.yaml'));
    await write(
      'processes/release.yaml',
      FILES['processes/release.yaml']?.replace('  - { id: build, type: process, process: build }\n', '') ?? '',
    );
    expect((await apply()).stdout).toContain('1 done');
    const unsure = await apply('--prune');
    expect(unsure).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    const kept = await apply('--prune', '--yes');
    // Version 1 of the caller is still offered, and runs it.
    expect(kept).toMatchObject({ code: 1, stdout: expect.stringContaining('other processes run it (shop/release)') });
    expect((await orderlines('versions', 'offline', 'shop/release', '1')).code).toBe(0);
    expect((await apply('--prune', '--yes')).stdout).toContain('done - Process shop/build');
    expect((await orderlines('get', 'process', 'shop/build')).code).toBe(2);
    expect((await orderlines('get', 'process', 'branch/build')).code).toBe(0);
  });
});

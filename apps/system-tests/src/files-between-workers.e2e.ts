import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, endOf, readRun, start, type Run } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';
import { WORKSPACE } from './harness/workspace.js';

describe('a run whose tasks pass files and large values on', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  let run: Run;

  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('files');
    const { id } = await build(system.platform, join(WORKSPACE, 'examples/files-between-workers.yaml'));
    run = await endOf(system.platform, await start(system.platform, id));
  });

  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  it('ends with the file checked in another folder and every row counted', () => {
    expect(run.tasks.map(({ nodeId, status }) => `${nodeId} ${status}`)).toEqual([
      'pack SUCCESS',
      'check SUCCESS',
      'table SUCCESS',
      'count SUCCESS',
    ]);
    expect(run.outputs).toMatchObject({ archive: { $file: { name: 'dist/numbers.tgz' } }, rows: 50_000 });
  });

  it('shows references instead of what is large', async () => {
    const shown = await readRun(system.platform, run.id);
    expect(JSON.stringify(shown).length).toBeLessThan(20_000);
    const table = shown.tasks.find(({ nodeId }) => nodeId === 'table');
    expect(table?.result).toMatchObject({ title: 'squares', rows: { $ref: expect.stringMatching(/^sha256:/), bytes: expect.any(Number) } });
  });

  it('gives the whole result and the file to `orderlines download`', async () => {
    const result = await system.platform.json<{ rows: { index: number }[] }>(['download', run.id, 'table']);
    expect(result.rows.at(-1)).toMatchObject({ index: 49_999 });
    const path = join(folder.path, 'numbers.tgz');
    await system.platform.orderlines(['download', run.id, 'pack', 'dist/numbers.tgz', '--to', path]);
    // The magic number of gzip.
    expect((await readFile(path)).subarray(0, 2).toString('hex')).toBe('1f8b');
  });
});

import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { readManifestFiles } from './manifest-files.js';

const terminal = { environment: {}, input: Readable.from(['kind: Variable\n']), output: new PassThrough(), notices: new PassThrough() };
const namesIn = async (...places: string[]) => (await readManifestFiles(places, terminal)).map(({ name }) => name);

describe('the files that are applied', () => {
  const folders: TemporaryFolder[] = [];
  const newFolder = async () => {
    const folder = await temporaryFolder('manifests');
    folders.push(folder);
    return folder;
  };
  afterAll(() => Promise.all(folders.map((folder) => folder.remove())));

  it('are those of a folder at any depth, in the order of their names, without hidden ones and others', async () => {
    const folder = await newFolder();
    await mkdir(join(folder.path, 'a/.git'), { recursive: true });
    for (const name of ['b.yml', 'a/c.yaml', 'a/d.json', 'a/e.txt', 'a/.git/f.yaml', '.g.yaml']) {
      await writeFile(join(folder.path, name), 'x');
    }
    expect(await namesIn(folder.path)).toEqual(['a/c.yaml', 'a/d.json', 'b.yml'].map((name) => join(folder.path, name)));
    expect(await namesIn(join(folder.path, 'a/e.txt'), join(folder.path, 'a/e.txt'))).toHaveLength(1);
    await expect(namesIn(join(folder.path, 'a/.git/..', '.git', 'none.yaml'))).rejects.toThrow('there is no file');
  });

  it('may come from standard input, and must be some', async () => {
    expect(await readManifestFiles(['-'], terminal)).toEqual([{ name: '-', content: 'kind: Variable\n' }]);
    const folder = await newFolder();
    await expect(namesIn(folder.path)).rejects.toThrow('there is no file to apply');
  });
});

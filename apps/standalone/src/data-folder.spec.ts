import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder } from './data-folder.js';

describe('the data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orderlines-data-'));
  });
  afterEach(async () => {
    await chmod(folder, 0o755);
    await rm(folder, { recursive: true, force: true });
  });

  it('is made when it does not exist, with a secret only its owner can read', async () => {
    const data = await openDataFolder(join(folder, 'new'));
    expect(data.secret).toMatch(/^[0-9a-f]{64}$/);
    expect((await stat(join(folder, 'new/secret'))).mode & 0o777).toBe(0o600);
  });

  it('keeps its secret', async () => {
    const first = await openDataFolder(folder);
    expect((await openDataFolder(folder)).secret).toBe(first.secret);
    expect(await readFile(join(folder, 'secret'), 'utf8')).toBe(first.secret);
  });

  it('is refused when its secret is damaged, and nothing is overwritten', async () => {
    await writeFile(join(folder, 'secret'), 'half');
    await expect(openDataFolder(folder)).rejects.toThrow(/secret is damaged/);
    expect(await readFile(join(folder, 'secret'), 'utf8')).toBe('half');
  });

  it('is refused when it is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(openDataFolder(join(folder, 'file'))).rejects.toThrow(/cannot be used.*--data-dir/);
  });
});

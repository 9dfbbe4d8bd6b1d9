import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentialsPath, forgetCredential, keepCredential, readCredential } from './credentials.js';

const credential = (token: string) => ({ token, user: 'admin', expiresAt: '2030-01-01T00:00:00Z' });

describe('the file of tokens', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => void (folder = await temporaryFolder('credentials')));
  afterEach(() => folder.remove());
  const path = () => credentialsPath({ XDG_CONFIG_HOME: folder.path });

  it("stands in the user's configuration folder", () => {
    expect(credentialsPath({ XDG_CONFIG_HOME: '/config', HOME: '/home/li' })).toBe('/config/orderlines/credentials.json');
    expect(credentialsPath({ HOME: '/home/li' })).toBe('/home/li/.config/orderlines/credentials.json');
  });

  it('keeps one token a server, the newest, and forgets it', async () => {
    await keepCredential(path(), 'http://a', credential('1'));
    await keepCredential(path(), 'http://b', credential('2'));
    await keepCredential(path(), 'http://a', credential('3'));
    expect(await readCredential(path(), 'http://a')).toEqual(credential('3'));
    await forgetCredential(path(), 'http://a');
    expect(await readCredential(path(), 'http://a')).toBeUndefined();
    expect(await readCredential(path(), 'http://b')).toEqual(credential('2'));
  });

  it('can be read by its owner only, also when another file lay in its place', async () => {
    await keepCredential(path(), 'http://a', credential('1'));
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder.path, 'orderlines'))).mode & 0o777).toBe(0o700);
  });

  it('that somebody broke is refused with what to do', async () => {
    await keepCredential(path(), 'http://a', credential('1'));
    await writeFile(path(), '{"servers": 1}');
    await expect(readCredential(path(), 'http://a')).rejects.toThrow('is not what `orderlines login` wrote');
  });
});

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@orderlines/testing';
import { ExternalSecrets, secretReferencesVariable } from './external-secret.js';

describe('a secret that lies elsewhere', () => {
  const environment = { SHOP_KEY: 'from the environment', PATH_TO: 'x', SHOP_EMPTY: '' };

  it('is read from the environment and from files as far as that is allowed', async () => {
    const folder = await temporaryFolder('secret');
    await writeFile(join(folder.path, 'token'), 'from a file\n');
    const external = new ExternalSecrets(['env:SHOP_*', `file:${folder.path}/*`], environment);
    await expect(external.read('env:SHOP_KEY')).resolves.toBe('from the environment');
    await expect(external.read(`file:${folder.path}/token`)).resolves.toBe('from a file');
    await folder.remove();
  });

  it.each(['env:PATH_TO', 'env:XSHOP_KEY', 'file:/etc/passwd', 'file:/run/secrets/deep/token'])(
    '%s is refused where nothing allows it',
    async (reference) => {
      const external = new ExternalSecrets(['env:SHOP_*', 'file:/run/secrets/*'], environment);
      await expect(external.read(reference)).rejects.toMatchObject({ code: 'secrets.reference' });
    },
  );

  it('is not read through a link that leads out of what is allowed, but through those of Kubernetes', async () => {
    const folder = await temporaryFolder('secret');
    await writeFile(join(folder.path, 'outside'), 'not yours');
    await mkdir(join(folder.path, 'in/..2026'), { recursive: true });
    await writeFile(join(folder.path, 'in/..2026/token'), 'mounted');
    await symlink(join(folder.path, 'outside'), join(folder.path, 'in/link'));
    await symlink(join(folder.path, 'in/..2026/token'), join(folder.path, 'in/token'));
    const external = new ExternalSecrets([`file:${folder.path}/in/*`]);
    await expect(external.read(`file:${folder.path}/in/link`)).rejects.toMatchObject({ code: 'secrets.reference' });
    await expect(external.read(`file:${folder.path}/in/token`)).resolves.toBe('mounted');
    await folder.remove();
  });

  it('is an error that names it when it is not there or empty', async () => {
    const external = new ExternalSecrets(['env:*', 'file:/nowhere/*'], environment);
    await expect(external.read('env:SHOP_EMPTY')).rejects.toThrow('env:SHOP_EMPTY holds nothing on this executor.');
    await expect(external.read('file:/nowhere/x')).rejects.toThrow('file:/nowhere/x cannot be read: ENOENT.');
  });

  it('is allowed by a list in the environment, which must say what it is', () => {
    const read = (text?: string) => secretReferencesVariable().safeParse(text);
    expect(read(undefined).data).toEqual([]);
    expect(read('env:A_*, file:/run/secrets/*').data).toEqual(['env:A_*', 'file:/run/secrets/*']);
    expect(read('A_*').success).toBe(false);
  });
});

import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { download, releaseFor } from './nats-server.mjs';

describe('the download of nats-server', () => {
  let folder, server, base, archive;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orderlines-download-'));
    mkdirSync(join(folder, 'nats-server-v0-test'));
    writeFileSync(join(folder, 'nats-server-v0-test/nats-server'), '#!/bin/sh\necho test server\n');
    execFileSync('tar', ['-czf', join(folder, 'release.tar.gz'), '-C', folder, 'nats-server-v0-test']);
    archive = readFileSync(join(folder, 'release.tar.gz'));
    server = createServer((request, response) => {
      if (request.url !== '/release.tar.gz') return response.writeHead(404).end();
      response.end(archive);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${server.address().port}`;
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const release = (more) => ({
    url: `${base}/release.tar.gz`,
    sha256: createHash('sha256').update(archive).digest('hex'),
    member: 'nats-server-v0-test/nats-server',
    ...more,
  });

  it('leaves a program that can be started', async () => {
    const target = join(folder, 'good/nats-server');
    await download(release(), target);
    expect(execFileSync(target, { encoding: 'utf8' })).toBe('test server\n');
  });

  it('installs nothing when the checksum differs', async () => {
    const target = join(folder, 'bad/nats-server');
    await expect(download(release({ sha256: '0'.repeat(64) }), target)).rejects.toThrow(/not what was pinned/);
    expect(existsSync(target)).toBe(false);
  });

  it('says which address did not answer', async () => {
    await expect(download(release({ url: `${base}/missing.tar.gz` }), join(folder, 'none/nats-server'))).rejects.toThrow(
      /missing.tar.gz.*404/,
    );
  });

  it.each([
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'x64'],
    ['darwin', 'arm64'],
  ])('is pinned for %s on %s', (platform, arch) => {
    expect(releaseFor(platform, arch)).toMatchObject({
      url: expect.stringContaining('.tar.gz'),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('is not offered where no checksum is pinned', () => expect(releaseFor('win32', 'x64')).toBeUndefined());
});

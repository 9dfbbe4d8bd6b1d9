// nats-server: one that somebody else runs, the path, the package manager, or a release with a pinned checksum.
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, runStep } from './progress.mjs';
import { installProgram, onPath } from './system-programs.mjs';
import { PROGRAMS } from './unpacked-packages.mjs';

const VERSION = '2.10.22';
const CHECKSUMS = {
  'linux-x64': ['linux-amd64', 'db0b3ccbe4cbdd3872ae7486ec4f6b0f85824632a0789f4da2e0a8518390483e'],
  'linux-arm64': ['linux-arm64', 'b4da77b2b194dc5fcf13a1df0dad59ba7e87ae4423f254c50534015b7c8a2369'],
  'darwin-x64': ['darwin-amd64', 'e99eb01a886b5de05972445e362e48cf8ad10b45e4cd5a5592475b184f8f81c9'],
  'darwin-arm64': ['darwin-arm64', '93ce74f61a49d8fa9dfbf420e5a844e25309e429c5c8e27b54b3283d0712fcff'],
};
const RELEASES = 'https://github.com/nats-io/nats-server/releases/download';

/** The release file for a platform, or undefined where none is pinned. */
export function releaseFor(platform, arch, base = RELEASES) {
  const entry = CHECKSUMS[`${platform}-${arch}`];
  if (!entry) return undefined;
  const [name, sha256] = entry;
  const folder = `nats-server-v${VERSION}-${name}`;
  return { url: `${base}/v${VERSION}/${folder}.tar.gz`, sha256, member: `${folder}/nats-server` };
}

/** Downloads and unpacks a release into the folder of `target`; nothing is left there when the checksum differs. */
export async function download(release, target = join(PROGRAMS, 'nats-server'), timeoutMs = 120_000) {
  const folder = target.replace(/\/[^/]+$/, '');
  let bytes;
  try {
    const response = await fetch(release.url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    bytes = Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw new SetupError(`nats-server could not be downloaded from ${release.url}: ${error.cause?.message ?? error.message}`);
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== release.sha256) {
    throw new SetupError(
      `the download of nats-server is not what was pinned (SHA-256 ${found}, expected ${release.sha256}): nothing was installed`,
    );
  }
  mkdirSync(folder, { recursive: true });
  const archive = `${folder}/release.tar.gz`;
  writeFileSync(archive, bytes);
  try {
    await runStep('unpacking nats-server', 'tar', ['-xzf', archive, '-C', folder, '--strip-components=1', release.member]);
    chmodSync(target, 0o755);
  } finally {
    rmSync(archive, { force: true });
  }
}

const WHAT_TO_DO = `orderlines needs nats-server 2.9 or newer. Do one of these and start again:
  - install it: "sudo apt-get install nats-server" (Debian, Ubuntu) or "brew install nats-server" (macOS)
  - or put a nats-server from https://nats.io/download on the path
  - or let ORDERLINES_NATS_URL point to a running one with JetStream, e.g. nats://127.0.0.1:4222`;

/** Makes sure that a nats-server can be started, unless one is running at the given address. */
export async function ensureNatsServer(running) {
  if (running || onPath('nats-server')) return;
  const reasons = [];
  try {
    if (await installProgram('nats-server')) return;
  } catch (error) {
    reasons.push(error.message);
  }
  const release = releaseFor(process.platform, process.arch);
  if (release) {
    console.log(`• downloading nats-server ${VERSION} …`);
    try {
      await download(release);
      return;
    } catch (error) {
      reasons.push(error.message);
    }
  } else {
    reasons.push(`there is no pinned release for ${process.platform}-${process.arch}`);
  }
  throw new SetupError(`${WHAT_TO_DO}\n\nWhat was tried: ${reasons.join('\n')}`);
}

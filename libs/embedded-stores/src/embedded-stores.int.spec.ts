import { spawn } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import pg from 'pg';
import { startEmbeddedPostgres, startNatsServer, type EmbeddedPostgres, type NatsServer } from './index.js';
import { serverUser } from './postgres/server-user.js';
import { commandLine, processStart } from './process/system-process.js';
import { findNatsServer } from './nats/find-nats-server.js';

const until = async (condition: () => boolean | Promise<boolean>) => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
};
const query = async (url: string, text: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};

let folder: string;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orderlines-stores-'));
  await chmod(folder, 0o755);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await rm(folder, { recursive: true, force: true });
});

const postgres = async (name = 'postgres', port?: number): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres({ dataDir: join(folder, name), durable: false, ...(port === undefined ? {} : { port }) });
  closing.push(() => server.close());
  return server;
};
const nats = async (name = 'nats', port?: number): Promise<NatsServer> => {
  const server = await startNatsServer({ storeDir: join(folder, name), ...(port === undefined ? {} : { port }) });
  closing.push(() => server.close());
  return server;
};

/** Starts the program of a running server once more after it has been closed, as if its owner had died without it. */
const orphan = async (server: EmbeddedPostgres | NatsServer): Promise<number> => {
  const [program = '', ...args] = (commandLine(server.pid) ?? '').split(' ');
  await server.close();
  const child = spawn(program, args, {
    ...(server.url.startsWith('postgres') ? serverUser() : undefined),
    detached: true,
    stdio: 'ignore',
    cwd: '/',
  });
  child.unref();
  return child.pid ?? 0;
};

const listen = async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  return port;
};

describe('an embedded Postgres', () => {
  it('keeps its data from one start to the next, under a password nobody else can read', async () => {
    const first = await postgres();
    await query(first.url, 'create table sample as select 7 as value');
    await first.close();
    expect(processStart(first.pid)).toBeUndefined();
    const second = await postgres();
    expect(await query(second.url, 'select value from sample')).toEqual([{ value: 7 }]);
    expect((await stat(join(folder, 'postgres/password'))).mode & 0o777).toBe(0o600);
    const wrong = new URL(second.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password/);
  });

  it('sorts and folds text in the same way on every system', async () => {
    const { url } = await postgres();
    expect(await query(url, `select lower('ÄÉ') as text, 'a' > 'Z' as bytewise`)).toEqual([{ text: 'äé', bytewise: true }]);
  });

  it('works in a folder that only its owner may enter', async () => {
    const dataDir = join(folder, 'private/postgres');
    await mkdir(dataDir, { recursive: true });
    await chmod(join(folder, 'private'), 0o700);
    const server = await postgres('private/postgres');
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.close();
    expect(await query((await postgres('private/postgres')).url, 'select 1 as one')).toEqual([{ one: 1 }]);
    // As root the data lie where the server's user can enter, behind a link.
    const elsewhere = await readlink(join(dataDir, 'elsewhere')).catch(() => undefined);
    expect(elsewhere !== undefined).toBe(process.getuid?.() === 0);
    if (elsewhere !== undefined) closing.push(() => rm(elsewhere, { recursive: true, force: true }));
  });

  it('is refused to a second owner, and free again when the first has closed it', async () => {
    const first = await postgres();
    await expect(postgres()).rejects.toMatchObject({ code: 'store.in-use', message: expect.stringContaining(String(process.pid)) });
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await first.close();
    await postgres();
  });

  it('says who has the port', async () => {
    await expect(postgres('postgres', await listen())).rejects.toMatchObject({ code: 'store.port-taken' });
  });

  it.each([
    ['is not one of Postgres', (cluster: string) => rm(join(cluster, 'PG_VERSION')), 'store.data-broken'],
    ['comes from another release', (cluster: string) => writeFile(join(cluster, 'PG_VERSION'), '9\n'), 'store.data-broken'],
    ['has lost its password', (cluster: string) => rm(join(cluster, '../password')), 'store.data-broken'],
    ['has another password', (cluster: string) => writeFile(join(cluster, '../password'), 'other'), 'store.data-broken'],
    ['cannot be read by the server', (cluster: string) => rm(join(cluster, 'global'), { recursive: true }), 'store.not-started'],
  ])('says that a data folder %s', async (_what, damage, code) => {
    await (await postgres()).close();
    await damage(join(folder, 'postgres/cluster'));
    await expect(postgres()).rejects.toMatchObject({ code, message: expect.stringContaining(folder) });
    await expect(postgres()).rejects.toMatchObject({ code });
  });

  it('says that the data folder is not a folder', async () => {
    await writeFile(join(folder, 'postgres'), '');
    await expect(postgres()).rejects.toMatchObject({ code: 'store.folder-unusable' });
  });

  it('removes what a start left that was killed half-way', async () => {
    await (await postgres()).close();
    const half = join(folder, 'postgres/cluster-half-made-1');
    await mkdir(half);
    await postgres();
    await expect(lstat(half)).rejects.toThrow(/ENOENT/);
  });

  it('tells when the server ends by itself, and starts again on its data', async () => {
    const server = await postgres();
    process.kill(server.pid, 'SIGKILL');
    expect(await server.exited).toMatchObject({ code: expect.any(Number) });
    await server.close();
    await postgres();
  });

  it('takes the place of a server whose owner is gone', async () => {
    const left = await orphan(await postgres());
    await until(async () =>
      (await readFile(join(folder, 'postgres/cluster/postmaster.pid'), 'utf8').catch(() => '')).startsWith(String(left)),
    );
    const next = await postgres();
    expect(processStart(left)).toBeUndefined();
    expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('does not take a number that another program has now for a running server', async () => {
    await (await postgres()).close();
    await writeFile(join(folder, 'postgres/cluster/postmaster.pid'), `${process.pid}\n`);
    await postgres();
  });
});

describe('a nats-server', () => {
  it('is refused to a second owner, and free again when the first has closed it', async () => {
    const first = await nats();
    await expect(nats()).rejects.toMatchObject({ code: 'store.in-use' });
    await first.close();
    expect(processStart(first.pid)).toBeUndefined();
    await nats();
  });

  it('takes over the lock of an owner that is gone, whatever stands in it', async () => {
    await mkdir(join(folder, 'nats'));
    for (const content of [JSON.stringify({ pid: process.pid, start: 'another boot' }), 'half a lo']) {
      await writeFile(join(folder, 'nats/owner.lock'), content);
      await (await nats()).close();
    }
  });

  it('takes the place of a server whose owner is gone', async () => {
    const server = await nats();
    const pidFile = join(folder, 'nats/nats-server.pid');
    const left = await orphan(server);
    await until(async () => (await readFile(pidFile, 'utf8').catch(() => '')) === String(left));
    await nats();
    expect(processStart(left)).toBeUndefined();
  });

  it('says who has the port, and what is wrong with its configuration', async () => {
    await expect(nats('nats', await listen())).rejects.toMatchObject({ code: 'store.port-taken' });
    const broken = startNatsServer({ storeDir: join(folder, 'broken'), configuration: 'authorization { nonsense: 1 }' });
    await expect(broken).rejects.toMatchObject({ code: 'store.not-started', message: expect.stringMatching(/nonsense/) });
  });

  it('says what to do when it is not installed', async () => {
    await expect(startNatsServer({ storeDir: folder, binary: join(folder, 'none') })).rejects.toMatchObject({
      code: 'store.program-missing',
    });
    expect(() => findNatsServer(join(folder, 'none'))).toThrow(/no nats-server at/);
  });
});

it('no server outlives its owner, also when that is killed', async () => {
  const script = join(import.meta.dirname, '../../../tmp/embedded-stores/owner.mjs');
  await build({
    stdin: {
      contents: `import { startEmbeddedPostgres, startNatsServer } from './index.ts';
        const [postgres, nats] = await Promise.all([
          startEmbeddedPostgres({ dataDir: process.argv[2] + '/postgres', durable: false }),
          startNatsServer({ storeDir: process.argv[2] + '/nats' }),
        ]);
        console.log(JSON.stringify([postgres.pid, nats.pid]));
        setInterval(() => undefined, 1_000);`,
      resolveDir: import.meta.dirname,
    },
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const owner = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pids = JSON.parse(String((await owner.stdout.take(1).toArray())[0])) as number[];
  expect(pids.map((pid) => commandLine(pid)?.includes(folder))).toEqual([true, true]);
  owner.kill('SIGKILL');
  await until(() => pids.every((pid) => processStart(pid) === undefined));
  // And what they left is taken over.
  await Promise.all([postgres(), nats()]);
});

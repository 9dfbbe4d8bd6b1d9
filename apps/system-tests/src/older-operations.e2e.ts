import { createPool } from '@orderlines/persistence';
import { temporaryFolder } from '@orderlines/testing';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { freePort } from './harness/free-port.js';
import { buildText, endOf, start } from './harness/runs.js';
import { ServiceProcess } from './harness/service-process.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';
import { WORKSPACE } from './harness/workspace.js';

/** Faults O1–O10 of the older system's operations and secrets, each shown not to be there. */
describe('what the older system did wrong in operations', () => {
  let system: WholeSystem;
  beforeAll(async () => {
    system = await startWholeSystem();
  });
  afterAll(() => system?.close());

  const run = async (name: string, flow: string) => {
    const body = `apiVersion: orderlines/v1\nkind: Process\nname: ${name}\nflow: [${flow}]\n`;
    return endOf(system.platform, await start(system.platform, (await buildText(system.platform, body)).id));
  };
  const healthOf = (service: { readonly settings: { readonly readyUrl?: string } }, path: string) =>
    fetch((service.settings.readyUrl ?? '').replace('/health/ready', path));

  it('O1: no password or key stands in a file of the repository', async () => {
    const { stdout } = await promisify(execFile)('git', ['grep', '-nIE', '^[^#]*(PASSWORD|SECRET_KEY|TOKEN)=[A-Za-z0-9+/]{8,}'], {
      cwd: WORKSPACE,
    }).catch(({ stdout, code }: { stdout: string; code: number }) => ({ stdout: code === 1 ? '' : stdout }));
    expect(stdout).toBe('');
  });

  it('O2: there is no default administrator: nobody logs in with a password that is known beforehand', async () => {
    for (const [login, password] of [
      ['orderlines', 'orderlines'],
      ['admin', 'admin'],
      ['admin', ''],
    ]) {
      const body = JSON.stringify({ login, password });
      const { status } = await fetch(`${system.platform.url}/api/v1/sessions`, { method: 'POST', body });
      expect([401, 422]).toContain(status);
    }
  });

  it('O3: of all services of the installation in containers only the doors are published, and no store', async () => {
    const { services } = parse(await readFile(join(WORKSPACE, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
      services: Record<string, { ports?: unknown[] }>;
    };
    expect(Object.keys(services)).toEqual(expect.arrayContaining(['postgres', 'nats']));
    expect(Object.entries(services).flatMap(([name, { ports }]) => (ports ? [name] : []))).toEqual(['api-gateway']);
    expect(system.platform.environment['ORDERLINES_HOST']).toBeUndefined();
  });

  it('O4: one program is all that it takes to run everything, and services need Postgres and NATS only', async () => {
    const { environment } = system.platform;
    expect(Object.keys(environment).filter((name) => name.endsWith('_URL'))).toEqual(['ORDERLINES_DATABASE_URL', 'ORDERLINES_NATS_URL']);
    const [port, grpcPort] = [await freePort(), await freePort()];
    const folder = await temporaryFolder('alone');
    const standalone = new ServiceProcess({
      name: 'standalone',
      app: 'standalone',
      arguments: ['--data-dir', join(folder.path, 'data'), '--port', String(port), '--grpc-port', String(grpcPort), '--no-sample'],
      environment: { ORDERLINES_ADMIN_PASSWORD: 'for this test only', ORDERLINES_LOG_LEVEL: 'warn' },
      readyUrl: `http://127.0.0.1:${port}/health/ready`,
    });
    try {
      await standalone.start();
    } finally {
      await standalone.stop();
      await folder.remove();
    }
  });

  it('O5: what it is built from is pinned to the version, and no container runs as root', async () => {
    const manifest = JSON.parse(await readFile(join(WORKSPACE, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
    const versions = Object.entries({ ...manifest['dependencies'], ...manifest['devDependencies'] });
    expect(versions.filter(([, version]) => !/^(\d+\.\d+\.\d+|file:|npm:.*@\d)/.test(version))).toEqual([]);
    const stages = (await readFile(join(WORKSPACE, 'deploy/docker/Dockerfile'), 'utf8')).split(/^FROM /m).slice(1);
    for (const stage of stages) expect(stage).toMatch(/^(node:\d+-\S+|manifest|platform) AS/);
    for (const stage of stages.filter((text) => /AS (platform|worker)/.test(text)))
      expect(stage.match(/^USER (.*)$/gm)?.at(-1)).toBe('USER node');
  });

  it('O6: the schema comes from migrations, which say what was applied', async () => {
    const { applied } = await system.platform.json<{ applied: string[] }>(['migrate'], { environment: { ...system.platform.environment } });
    expect(applied).toEqual([]);
    const pool = createPool(system.databaseUrl, { name: 'test' });
    expect((await pool.query('select from public.schema_migration')).rowCount).toBeGreaterThan(10);
    await pool.end();
  });

  it("O7: a task's code has neither the database nor the keys of the services, and leaves nothing behind", async () => {
    const code =
      "const names = Object.keys(process.env); console.log(names.filter((name) => /DATABASE|SECRET|NATS|TOKEN/.test(name)).join() || 'clean')";
    const { id } = await run('clean', `{ id: a, uses: script, with: { language: node, code: ${JSON.stringify(code)} } }`);
    expect((await system.platform.orderlines(['logs', id])).stdout).toContain('clean');
  });

  it('O8: a secret has a place of its own, and is shown masked', async () => {
    await system.platform.json(['secret', 'set', 'jenkins', '--value', 'build-butler-token']);
    const { id } = await run('masked', '{ id: a, uses: log, with: { message: "with ${{ secrets.jenkins }}" } }');
    const shown = await (await system.platform.fetch(`instances/${id}`)).text();
    expect(shown).not.toContain('build-butler-token');
    expect((await system.platform.orderlines(['logs', id])).stdout).toContain('with ***');
  });

  it('O9: services write lines of JSON to where they are run, and no files that grow', async () => {
    const { gateway } = system.platform;
    await gateway.stop();
    await gateway.start({ ORDERLINES_LOG_LEVEL: 'info' });
    const lines = gateway.output.split('\n').filter(Boolean);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: expect.anything(), msg: expect.any(String) });
    expect(await readdir(system.platform.folder)).toEqual(expect.not.arrayContaining([expect.stringMatching(/\.log/)]));
  });

  it('O10: every service says whether it lives, is ready, and what it does', async () => {
    const { gateway, executor, worker } = system.platform;
    for (const service of [gateway, executor, worker]) {
      for (const path of ['/health/live', '/health/ready', '/metrics']) expect((await healthOf(service, path)).status).toBe(200);
    }
  });
});

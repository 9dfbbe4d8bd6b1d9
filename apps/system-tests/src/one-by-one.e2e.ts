import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { orderlines } from './harness/command.js';
import { eventually } from './harness/eventually.js';
import { freePort } from './harness/free-port.js';
import { ServiceProcess } from './harness/service-process.js';
import { WORKSPACE } from './harness/workspace.js';

describe('services started one by one beside `orderlines standalone --only stores`', () => {
  let folder: TemporaryFolder;
  const running: ServiceProcess[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder('one-by-one');
  });

  afterAll(async () => {
    for (const service of running.reverse()) await service.stop();
    await folder?.remove();
  });

  const run = async (argv: readonly string[], environment: Readonly<Record<string, string>>, readyUrl?: string) => {
    const service = new ServiceProcess({
      name: argv.join(' '),
      app: 'cli',
      arguments: argv,
      environment,
      ...(readyUrl ? { readyUrl } : {}),
    });
    running.push(service);
    return service.start();
  };

  it('carry a run from its file to SUCCESS', async () => {
    const stores = await run(['standalone', '--only', 'stores', '--data-dir', join(folder.path, 'data')], {});
    const addresses = await eventually(
      'the stores tell their addresses',
      () => {
        const database = /ORDERLINES_DATABASE_URL='(\S+)'/.exec(stores.output)?.[1];
        const nats = /ORDERLINES_NATS_URL='(\S+)'/.exec(stores.output)?.[1];
        return database && nats ? { ORDERLINES_DATABASE_URL: database, ORDERLINES_NATS_URL: nats } : undefined;
      },
      { limitMs: 90_000 },
    );
    const password = randomUUID();
    expect(await orderlines(['migrate'], { environment: addresses })).toMatchObject({ code: 0 });
    expect(await orderlines(['create-super-user', '-u', 'zhang', '-p', password], { environment: addresses })).toMatchObject({ code: 0 });
    const [http, executor, worker] = [await freePort(), await freePort(), await freePort()];
    await run(['run', 'executor'], { ...addresses, ORDERLINES_HEALTH_PORT: String(executor) }, `http://127.0.0.1:${executor}/health/ready`);
    await run(['runserver', '-h', '127.0.0.1', '-p', String(http)], addresses, `http://127.0.0.1:${http}/health/ready`);
    await run(
      ['run', 'worker'],
      { ORDERLINES_NATS_URL: addresses.ORDERLINES_NATS_URL, ORDERLINES_HEALTH_PORT: String(worker), ORDERLINES_DATA_DIR: folder.path },
      `http://127.0.0.1:${worker}/health/ready`,
    );
    const environment = { ORDERLINES_URL: `http://127.0.0.1:${http}`, XDG_CONFIG_HOME: folder.path };
    expect(await orderlines(['login', '-u', 'zhang', '-p', password], { environment })).toMatchObject({ code: 0 });
    const built = await orderlines(['build-process-by-yaml', '-f', join(WORKSPACE, 'apps/system-tests/src/processes/steps.yaml')], {
      environment,
    });
    expect(built).toMatchObject({ code: 0 });
    const { id } = JSON.parse(built.stdout) as { id: string };
    const ended = await orderlines(
      ['start-process', '-p_id', id, '--param', `folder=${folder.path}`, '--param', 'seconds=0', '--wait', '--output', 'json'],
      { environment },
    );
    expect({ code: ended.code, status: (JSON.parse(ended.stdout) as { status: string }).status }).toEqual({ code: 0, status: 'SUCCESS' });
    expect(await orderlines(['logout'], { environment })).toMatchObject({ code: 0 });
    expect(await orderlines(['get', 'processes'], { environment })).toMatchObject({ code: 3 });
  });
});

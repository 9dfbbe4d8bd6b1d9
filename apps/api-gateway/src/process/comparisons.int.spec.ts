import type { VersionComparison } from '@orderlines/contracts';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { announceWorker, simpleDefinition } from '../testing/stored-run.js';

describe('comparing versions over HTTP', () => {
  let harness: GatewayHarness;
  const path = `processes/${encodeURIComponent('default/compared')}`;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    await announceWorker(harness.pool);
    for (const top of ['', 'description: two\n', 'description: three\n']) {
      await harness.ask('POST', 'processes', { content: simpleDefinition('compared', top) });
    }
  });
  afterAll(() => harness?.close());

  const ask = async (method: string, where: string, body?: unknown) => {
    const answer = await harness.ask(method, where, body);
    return { status: answer.status, body: (await answer.json()) as VersionComparison & { readonly code: string } };
  };

  it('takes the two versions that are named, else the latest and the one before', async () => {
    expect(await ask('GET', `${path}/versions/compare?from=1&to=3`)).toMatchObject({
      status: 200,
      body: {
        ...{ process: 'default/compared', from: { version: 1 }, to: { version: 3 }, equal: false, nodes: [] },
        settings: [{ path: 'description', after: 'three' }],
      },
    });
    expect((await ask('GET', `${path}/versions/compare`)).body).toMatchObject({ from: { version: 2 }, to: { version: 3 } });
    expect((await ask('GET', `${path}/versions/compare?from=3&to=latest`)).body.equal).toBe(true);
  });

  it('takes the draft as soon as there is one', async () => {
    const content = simpleDefinition('compared', 'description: three\ntimeout: 1m\n');
    await ask('PUT', `${path}/draft`, { content });
    expect((await ask('GET', `${path}/versions/compare`)).body).toMatchObject({
      ...{ from: { label: 'version 3' }, to: { label: 'the draft', version: null } },
      settings: [{ path: 'timeout', after: '1m' }],
    });
    expect((await ask('POST', 'processes/compare', { content, from: 'draft' })).body.equal).toBe(true);
    expect((await ask('POST', 'processes/compare', { content })).body.settings).toMatchObject([{ path: 'timeout' }]);
  });

  it('says what is missing', async () => {
    expect(await ask('GET', `${path}/versions/compare?from=9`)).toMatchObject({ status: 404, body: { code: 'process-version.not-found' } });
    expect(await ask('GET', `${path}/versions/compare?to=1`)).toMatchObject({
      status: 409,
      body: { code: 'process-version.nothing-before' },
    });
    expect(await ask('GET', `${path}/versions/compare?from=x`)).toMatchObject({ status: 422 });
    expect(await ask('POST', 'processes/compare', { content: 'a: [' })).toMatchObject({
      status: 422,
      body: { code: 'definition.invalid' },
    });
    expect(await ask('POST', 'processes/compare', { content: simpleDefinition('unknown') })).toMatchObject({ status: 404 });
  });
});

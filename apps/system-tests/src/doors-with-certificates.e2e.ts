import { status } from '@grpc/grpc-js';
import type { TlsFiles } from '@orderlines/rpc';
import { temporaryFolder, TestAuthority, type CertificateFiles, type TemporaryFolder } from '@orderlines/testing';
import { listingByGrpc } from './harness/listing.js';
import { buildText, endOf, start } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const variables = (prefix: string, { certificate, key, authorities }: CertificateFiles, names: readonly string[]) =>
  Object.fromEntries(
    Object.entries({ CERT: certificate, KEY: key, CA: authorities })
      .filter(([name]) => names.includes(name))
      .map(([name, file]) => [`${prefix}_${name}`, file]),
  );

describe('gRPC with certificates', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  let server: CertificateFiles;
  let ours: CertificateFiles;
  let strangers: CertificateFiles;

  beforeAll(async () => {
    folder = await temporaryFolder('certificates');
    const authority = TestAuthority.make(folder.path, 'ours');
    server = authority.issue('gateway', 'IP:127.0.0.1');
    ours = authority.issue('client', 'localhost');
    strangers = TestAuthority.make(folder.path, 'theirs').issue('stranger', 'localhost');
    const internal = variables('ORDERLINES_INTERNAL_TLS', server, ['CERT', 'KEY', 'CA']);
    system = await startWholeSystem({
      gatewayEnvironment: { ...variables('ORDERLINES_GRPC_TLS', server, ['CERT', 'KEY']), ...internal },
      executorEnvironment: internal,
    });
  });
  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  const call = (files: TlsFiles | undefined, token = system.platform.token): Promise<status> =>
    listingByGrpc(system.platform.grpcAddress, token, files);

  it('the public door speaks TLS and still wants a token; who speaks plainly, or trusts another authority, gets nothing', async () => {
    expect(await call(ours)).toBe(status.OK);
    expect(await call(ours, '')).toBe(status.UNAUTHENTICATED);
    expect(await call(undefined)).toBe(status.UNAVAILABLE);
    expect(await call(strangers)).toBe(status.UNAVAILABLE);
  });

  it('with authorities it lets in only who shows a certificate of theirs', async () => {
    const { gateway } = system.platform;
    await gateway.stop();
    await gateway.start({ ORDERLINES_GRPC_TLS_CA: server.authorities });
    expect(await call(ours)).toBe(status.OK);
    expect(await call(ours, '')).toBe(status.UNAUTHENTICATED);
    expect(await call({ ...strangers, authorities: server.authorities })).toBe(status.UNAVAILABLE);
  });

  it('the services of an installation speak to each other with certificates on both sides', async () => {
    const { id } = await buildText(
      system.platform,
      'apiVersion: orderlines/v1\nkind: Process\nnamespace: tls\nname: runs\nflow: [{ id: add, uses: math, with: { operation: add, a: 1, b: 1 } }]',
    );
    expect((await endOf(system.platform, await start(system.platform, id))).status).toBe('SUCCESS');
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Server, status } from '@grpc/grpc-js';
import {
  callUnary,
  channelSecurity,
  ExecutorServiceClient,
  ExecutorServiceService,
  serverCredentials,
  tlsFilesOf,
  type TlsFiles,
} from './index.js';

describe('the security of connections', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  const openssl = (...argv: string[]) => execFileSync('openssl', argv, { cwd: folder, stdio: 'pipe' });
  /** A certificate of an authority, for the name `executor`. */
  const certificate = (name: string, authority: string): TlsFiles => {
    const request = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`, '-subj', '/CN=executor'];
    openssl('req', '-new', ...request, '-addext', 'subjectAltName=DNS:executor', '-out', `${name}.csr`);
    const signed = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-CAcreateserial', '-copy_extensions', 'copy', '-days', '1'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`);
    return { certificate: file(`${name}.pem`), key: file(`${name}.key`), authorities: file(`${authority}.pem`), serverName: 'executor' };
  };
  const authority = (name: string) =>
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '1',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'orderlines-tls-'));
    for (const name of ['ours', 'theirs']) authority(name);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a client gets of a server that has no method: whether it came in at all. */
  const outcome = async (server: TlsFiles | undefined, client: TlsFiles | undefined): Promise<status> => {
    const door = new Server();
    door.addService(ExecutorServiceService, {} as never);
    const port = await new Promise<number>((resolve, reject) =>
      door.bindAsync('127.0.0.1:0', serverCredentials(server), (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    const { credentials, options } = channelSecurity(client);
    const caller = new ExecutorServiceClient(`127.0.0.1:${port}`, credentials, options);
    try {
      await callUnary(caller, caller.sendSignal, {} as never, { deadlineMs: 2_000 } as never);
      return status.OK;
    } catch (error) {
      return (error as { code: status }).code;
    } finally {
      Client.prototype.close.call(caller);
      door.forceShutdown();
    }
  };

  it('lets in who shows a certificate of the same authority, and nobody else', async () => {
    const [server, ours, theirs] = [certificate('server', 'ours'), certificate('client', 'ours'), certificate('stranger', 'theirs')];
    expect(await outcome(server, ours)).toBe(status.UNIMPLEMENTED);
    const trusting = { ...theirs, authorities: ours.authorities };
    for (const stranger of [trusting, theirs, undefined]) expect(await outcome(server, stranger)).not.toBe(status.UNIMPLEMENTED);
    // Without authorities the server shows who it is and asks nobody.
    expect(await outcome({ ...server, authorities: undefined }, trusting)).toBe(status.UNIMPLEMENTED);
    expect(await outcome(server, { ...ours, serverName: 'another' })).not.toBe(status.UNIMPLEMENTED);
  });

  it('is plain without files, and refuses half a pair', async () => {
    expect(await outcome(undefined, undefined)).toBe(status.UNIMPLEMENTED);
    expect(tlsFilesOf({}, 'X_TLS')).toBeUndefined();
    expect(() => tlsFilesOf({ X_TLS_CERT: 'a.pem' }, 'X_TLS')).toThrow('X_TLS_CERT and X_TLS_KEY belong together');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Server, status } from '@grpc/grpc-js';
import { TestAuthority } from '@orderlines/testing';
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
  let ours: TestAuthority;
  let theirs: TestAuthority;
  const certificate = (name: string, of: TestAuthority): TlsFiles => ({ ...of.issue(name, 'executor'), serverName: 'executor' });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'orderlines-tls-'));
    [ours, theirs] = [TestAuthority.make(folder, 'ours'), TestAuthority.make(folder, 'theirs')];
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
    const [server, client, stranger] = [certificate('server', ours), certificate('client', ours), certificate('stranger', theirs)];
    expect(await outcome(server, client)).toBe(status.UNIMPLEMENTED);
    const trusting = { ...stranger, authorities: client.authorities };
    for (const other of [trusting, stranger, undefined]) expect(await outcome(server, other)).not.toBe(status.UNIMPLEMENTED);
    // Without authorities the server shows who it is and asks nobody.
    expect(await outcome({ ...server, authorities: undefined }, trusting)).toBe(status.UNIMPLEMENTED);
    expect(await outcome(server, { ...client, serverName: 'another' })).not.toBe(status.UNIMPLEMENTED);
  });

  it('is plain without files, and refuses half a pair', async () => {
    expect(await outcome(undefined, undefined)).toBe(status.UNIMPLEMENTED);
    expect(tlsFilesOf({}, 'X_TLS')).toBeUndefined();
    expect(() => tlsFilesOf({ X_TLS_CERT: 'a.pem' }, 'X_TLS')).toThrow('X_TLS_CERT and X_TLS_KEY belong together');
  });
});

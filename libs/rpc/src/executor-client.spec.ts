import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { createLogger } from '@orderlines/service-host';
import { ExecutorClient } from './executor-client.js';
import {
  ExecutorServiceService,
  type ExecutorServiceServer,
  type OperateInstanceResponse,
  type StartInstanceRequest,
} from './gen/orderlines/executor/v1/executor_service.js';

/** A peer that speaks the executor's protocol and answers as it is told. */
interface Peer {
  readonly address: string;
  readonly keys: string[];
  close(): void;
}

type Answer = (request: StartInstanceRequest) => 'run' | { code: status; details: string; metadata?: Metadata };

const startPeer = async (answer: Answer): Promise<Peer> => {
  const keys: string[] = [];
  const server = new Server();
  const service: ExecutorServiceServer = {
    startInstance: ({ request }, callback) => {
      keys.push(request.idempotencyKey);
      const said = answer(request);
      if (said === 'run') callback(null, { instanceId: 'i', number: 1, status: 'PENDING', repeated: false });
      else callback(said);
    },
    operateInstance: (_call, callback) => callback(null, {} as OperateInstanceResponse),
    sendSignal: (_call, callback) => callback({ code: status.UNIMPLEMENTED }),
  };
  server.addService(ExecutorServiceService, service);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  return { address: `127.0.0.1:${port}`, keys, close: () => server.forceShutdown() };
};

describe('asking executors', () => {
  const logger = createLogger('test', 'silent');
  let client: ExecutorClient;
  let addresses: string[];
  const open: Peer[] = [];
  beforeEach(() => {
    addresses = [];
    client = new ExecutorClient({ addresses: async () => addresses, logger });
  });
  afterEach(() => {
    client.close();
    for (const peer of open.splice(0)) peer.close();
  });

  const peer = async (answer: Answer): Promise<Peer> => {
    const made = await startPeer(answer);
    open.push(made);
    addresses.push(made.address);
    return made;
  };
  const request = (idempotencyKey: string) => ({
    ...{ processVersionId: 'v', paramsJson: '{}', actor: 'admin', origin: 'api', logicalTime: 0 },
    idempotencyKey,
  });

  it('goes round all that are alive', async () => {
    const peers = [await peer(() => 'run'), await peer(() => 'run')];
    for (const key of ['1', '2', '3', '4']) await client.startInstance(request(key));
    expect(peers.map(({ keys }) => keys.length)).toEqual([2, 2]);
  });

  it('asks another one under the same key when one is gone or cannot write now', async () => {
    addresses.push('127.0.0.1:1');
    const busy = await peer(() => ({ code: status.UNAVAILABLE, details: 'no database' }));
    const good = await peer(() => 'run');
    for (const key of ['1', '2', '3']) expect(await client.startInstance(request(key))).toMatchObject({ instanceId: 'i' });
    expect(good.keys).toEqual(['1', '2', '3']);
    expect(['1', '2', '3']).toEqual(expect.arrayContaining(busy.keys));
  });

  it('waits for one that comes back', async () => {
    let away = true;
    const only = await peer(() => (away ? { code: status.UNAVAILABLE, details: 'away' } : 'run'));
    const started = client.startInstance(request('k'));
    setTimeout(() => (away = false), 1_000);
    expect(await started).toMatchObject({ instanceId: 'i' });
    expect(new Set(only.keys)).toEqual(new Set(['k']));
  });

  it('gives a refusal as it is, with all problems, and asks nobody else', async () => {
    const metadata = new Metadata();
    metadata.set('orderlines-code', 'params.invalid');
    metadata.set(
      'orderlines-problem-bin',
      Buffer.from('[{"code":"params.required","message":"数量","path":"params.n","severity":"error"}]'),
    );
    const refusing = await peer(() => ({ code: status.INVALID_ARGUMENT, details: 'n is required', metadata }));
    await expect(client.startInstance(request('k'))).rejects.toMatchObject({
      ...{ code: 'params.invalid', status: 422, message: 'n is required' },
      details: { errors: [{ path: 'params.n', message: '数量' }] },
    });
    expect(refusing.keys).toHaveLength(1);
  });

  it('says when to come back when nobody is there', async () => {
    expect(await client.check()).toContain('no executor');
    await expect(client.startInstance(request('k'))).rejects.toMatchObject({
      ...{ code: 'executor.unavailable', status: 503 },
      details: { retryAfterSeconds: 3 },
    });
  });
});

import { Metadata, Server, ServerCredentials, credentials, status } from '@grpc/grpc-js';
import { DESCRIPTORS, ExecutorServiceClient, ExecutorServiceService, callUnary, type ExecutorServiceServer } from './index.js';

const request = {
  processVersionId: 'v',
  paramsJson: '{"größe":1}',
  actor: 'ada',
  origin: 'api',
  idempotencyKey: 'k',
  logicalTime: 1_795_000_000_123,
};

describe('a unary call', () => {
  const server = new Server();
  let client: ExecutorServiceClient;

  beforeAll(async () => {
    const executor: ExecutorServiceServer = {
      startInstance: ({ request: { processVersionId, logicalTime, paramsJson }, metadata }, answer) => {
        const [wanted] = metadata.get('wanted');
        if (wanted === 'silence') return;
        if (wanted === 'refusal') return answer({ code: status.INVALID_ARGUMENT, details: 'no' });
        answer(null, { instanceId: `${processVersionId} ${paramsJson}`, number: logicalTime, status: 'RUNNING', repeated: false });
      },
      operateInstance: (_call, answer) => answer({ code: status.UNIMPLEMENTED }),
      sendSignal: (_call, answer) => answer({ code: status.UNIMPLEMENTED }),
    };
    server.addService(ExecutorServiceService, executor);
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    client = new ExecutorServiceClient(`127.0.0.1:${port}`, credentials.createInsecure());
  });
  afterAll(() => {
    client.close();
    server.forceShutdown();
  });

  const start = (wanted: string, deadlineMs = 10_000) => {
    const metadata = new Metadata();
    metadata.set('wanted', wanted);
    return callUnary(client, client.startInstance, request, { deadlineMs, metadata });
  };

  it('gives the answer; letters and numbers above 32 bits arrive whole', async () => {
    expect(await start('answer')).toEqual({ instanceId: 'v {"größe":1}', number: 1_795_000_000_123, status: 'RUNNING', repeated: false });
  });

  it('fails with what the server says', async () => {
    await expect(start('refusal')).rejects.toMatchObject({ code: status.INVALID_ARGUMENT, details: 'no' });
  });

  it('ends at its deadline when nobody answers', async () => {
    await expect(start('silence', 50)).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });
});

describe('the descriptors for reflection', () => {
  it.each(['orderlines.process.v1', 'orderlines.instance.v1', 'OrderlinesService'])('know %s', (name) => {
    expect(DESCRIPTORS.includes(name)).toBe(true);
  });
});

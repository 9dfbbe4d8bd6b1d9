import { randomBytes } from 'node:crypto';
import { credentials, makeClientConstructor, Metadata, status, type ServiceDefinition, type ServiceError } from '@grpc/grpc-js';
import * as rpc from '@orderlines/rpc';
import fc from 'fast-check';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { RPC_NEEDS } from './rpc-needs.js';

const CALLS_OF_A_METHOD = 12;
/** There is no executor here: what would go on to one is not waited for. */
const DEADLINE_MS = 1_000;
const FAULTS: readonly status[] = [status.INTERNAL, status.UNKNOWN, status.UNIMPLEMENTED, status.DATA_LOSS];

type Method = ServiceDefinition[string];

const METHODS: readonly Method[] = Object.values(rpc)
  .flatMap((module) => (typeof module === 'object' ? Object.values(module) : []))
  .flatMap((value) => (typeof value === 'object' && value !== null ? (Object.values(value) as Method[]) : []))
  .filter((method) => typeof method === 'object' && method !== null && RPC_NEEDS.has(method.path));

const texts = fc.oneof(
  fc.constantFrom('', 'none', 'default/none', '00000000', '\u0000', '__proto__', '{"a":', '{"a":1e400}', '[[[]]]', 'x'.repeat(3_000), '-1'),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed()),
);
const numbers = fc.constantFrom(0, 1, -1, 2_147_483_647, -2_147_483_648);

/** Values of the same types as those of a message, which its fields may have. */
const like = (value: unknown): fc.Arbitrary<unknown> => {
  if (typeof value === 'string') return texts;
  if (typeof value === 'number') return numbers;
  if (typeof value === 'boolean') return fc.boolean();
  return fc.constant(value);
};

describe('every rpc', () => {
  let harness: GatewayHarness;
  const metadata = new Metadata();
  beforeAll(async () => {
    harness = await startGatewayHarness({ secretKey: randomBytes(32).toString('base64') });
    metadata.set('authorization', `Bearer ${harness.token}`);
  });
  afterAll(() => harness?.close());

  const call = (method: Method, request: object): Promise<ServiceError | null> => {
    const client = new (makeClientConstructor({ method }, 'any'))(`127.0.0.1:${harness.gateway.grpcPort}`, credentials.createInsecure());
    const { path, requestSerialize, responseDeserialize } = method;
    const deadline = { deadline: Date.now() + DEADLINE_MS };
    return new Promise((resolve) => {
      const done = (error: ServiceError | null) => {
        client.close();
        resolve(error);
      };
      if (!method.responseStream) {
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, deadline, (error) => done(error));
        return;
      }
      const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata, deadline);
      stream.on('data', () => undefined);
      stream.on('end', () => done(null));
      stream.on('error', (error: ServiceError) => done(error));
    });
  };

  it.each(METHODS.map((method) => [method.path, method] as const))(
    '%s answers odd requests, and never with a fault of its own',
    async (path, method) => {
      const empty = method.requestDeserialize(Buffer.alloc(0)) as Record<string, unknown>;
      const requests = fc.record(Object.fromEntries(Object.entries(empty).map(([field, value]) => [field, like(value)])));
      await fc.assert(
        fc.asyncProperty(requests, async (fields) => {
          const error = await call(method, { ...empty, ...fields });
          expect({
            path,
            fields,
            code: error?.code ?? status.OK,
            details: error?.details,
            isFault: error !== null && FAULTS.includes(error.code),
          }).toMatchObject({
            isFault: false,
          });
        }),
        { numRuns: CALLS_OF_A_METHOD },
      );
    },
  );
});

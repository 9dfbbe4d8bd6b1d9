import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { bodiesOf, type BodySchema, type Schemas } from '../testing/bodies.js';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

const BODIES_OF_A_ROUTE = 40;
const QUERIES_OF_A_ROUTE = 20;
const ROUTES_MS = 240_000;

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: BodySchema }>> };
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: BodySchema }[];
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
}

/** There is no executor here, and a right body of theirs would wait for one: bodies of operations meet ids that are none. */
const WAITS_FOR_EXECUTOR = /^\/api\/v1\/signals$/;
const ID_OF_A_RUN = '00000000-0000-7000-8000-000000000000';

describe('every route of the OpenAPI document', () => {
  let harness: GatewayHarness;
  let document: Document;
  beforeAll(async () => {
    harness = await startGatewayHarness({ secretKey: randomBytes(32).toString('base64') });
    document = (await (await fetch(`http://127.0.0.1:${harness.gateway.port}/api/docs-json`)).json()) as Document;
  });
  afterAll(() => harness?.close());

  const operations = (): readonly (readonly [method: string, path: string, operation: Operation])[] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [method.toUpperCase(), path, operation] as const),
    );
  const ids = fc.constantFrom('none', '1', 'default%2Fnone', ID_OF_A_RUN, '%00', '..%2F..', '%F0%9F%92%A9');
  const requireNoFault = async (said: object, answer: Response): Promise<void> => {
    if (answer.status < 400) return void (await answer.body?.cancel());
    const body = (await answer.json()) as { readonly code?: string };
    expect({ ...said, status: answer.status, body, isFault: answer.status >= 500 }).toMatchObject({ isFault: false });
    expect(body).toMatchObject({ status: answer.status, code: expect.any(String), detail: expect.any(String) });
  };

  it(
    'answers bodies that are nearly right with problem details, and never with a fault of its own',
    async () => {
      let asked = 0;
      for (const [method, path, { requestBody }] of operations()) {
        const schema = Object.values(requestBody?.content ?? {})[0]?.schema;
        if (schema === undefined || WAITS_FOR_EXECUTOR.test(path)) continue;
        const references = ids.filter((id) => id !== ID_OF_A_RUN || !path.includes('/instances/'));
        asked += 1;
        await fc.assert(
          fc.asyncProperty(bodiesOf(schema, document.components.schemas), references, async (body, id) => {
            const address = path.replace('/api/v1/', '').replaceAll(/\{\w+\}/g, id);
            await requireNoFault({ method, path, id, sent: body }, await harness.ask(method, address, JSON.stringify(body)));
          }),
          { numRuns: BODIES_OF_A_ROUTE },
        );
      }
      expect(asked).toBeGreaterThan(50);
    },
    ROUTES_MS,
  );

  it(
    'answers queries that are nearly right the same way',
    async () => {
      let asked = 0;
      for (const [method, path, { parameters = [] }] of operations()) {
        const queried = parameters.filter((parameter) => parameter.in === 'query');
        if (method !== 'GET' || queried.length === 0 || /\/(events|stream|live)$/.test(path)) continue;
        asked += 1;
        const values = fc.record(
          Object.fromEntries(queried.map(({ name, schema = {} }) => [name, bodiesOf(schema, document.components.schemas)])),
          { requiredKeys: [] },
        );
        await fc.assert(
          fc.asyncProperty(values, ids, async (given, id) => {
            const query = new URLSearchParams(Object.entries(given).map(([name, value]) => [name, asText(value)] as [string, string]));
            const address = `${path.replace('/api/v1/', '').replaceAll(/\{\w+\}/g, id)}?${query}`;
            await requireNoFault({ method, address }, await harness.ask(method, address));
          }),
          { numRuns: QUERIES_OF_A_ROUTE },
        );
      }
      expect(asked).toBeGreaterThan(15);
    },
    ROUTES_MS,
  );
});

const asText = (value: unknown): string => (typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value));

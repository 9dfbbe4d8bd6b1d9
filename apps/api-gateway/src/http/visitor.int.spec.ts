import { ApiLogPage } from '@orderlines/contracts';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

/** The address that the API log has of a request with this header. */
const addressOf = async (harness: GatewayHarness, forwardedFor: string): Promise<string> => {
  const id = `from ${forwardedFor}`.replaceAll(/[ ,]+/g, '-');
  await harness.ask('GET', 'me', undefined, { 'x-forwarded-for': forwardedFor, 'x-request-id': id });
  for (const endsAt = Date.now() + 10_000; Date.now() < endsAt; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const [entry] = ApiLogPage.parse(await (await harness.ask('GET', `api-log?requestId=${id}`)).json()).items;
    if (entry !== undefined) return entry.address.replace('::ffff:', '');
  }
  throw new Error('the request is not in the log within 10 s');
};

describe('where a visitor is', () => {
  it('is where the request comes from, whatever it says itself', async () => {
    const harness = await startGatewayHarness();
    try {
      expect(await addressOf(harness, '203.0.113.7')).toBe('127.0.0.1');
    } finally {
      await harness.close();
    }
  });

  it('is what a trusted proxy says, and of a chain only what trusted ones added', async () => {
    const harness = await startGatewayHarness({ trustedProxies: ['127.0.0.0/8', '198.51.100.2'] });
    try {
      expect(await addressOf(harness, '203.0.113.7')).toBe('203.0.113.7');
      expect(await addressOf(harness, '192.0.2.66, 203.0.113.7, 198.51.100.2')).toBe('203.0.113.7');
    } finally {
      await harness.close();
    }
  });
});

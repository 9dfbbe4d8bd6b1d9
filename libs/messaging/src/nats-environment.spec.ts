import { natsAddress } from './nats-address.js';
import { natsUrlOf } from './nats-environment.js';

describe('where NATS is, as the environment says', () => {
  it.each([
    ['nats://one:4222', ['nats://one:4222']],
    ['one:4222, nats://two:4222', ['nats://one:4222', 'nats://two:4222']],
    ['tls://other:secret@one:4222', ['tls://one:4222']],
  ])('%s with a user of its own', (url, servers) => {
    const address = natsUrlOf({ ORDERLINES_NATS_URL: url, ORDERLINES_NATS_USER: 'w@1', ORDERLINES_NATS_PASSWORD: 'p:/@,' });
    expect(natsAddress(address)).toEqual({ servers, credentials: { user: 'w@1', password: 'p:/@,' } });
  });

  it('without a user stays as it is', () => {
    const url = 'nats://u:p@one:4222';
    expect(natsUrlOf({ ORDERLINES_NATS_URL: url })).toBe(url);
  });
});

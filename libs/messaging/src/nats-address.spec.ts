import { natsAddress } from './nats-address.js';

describe('the address of NATS', () => {
  it.each([
    ['nats://127.0.0.1:4222', ['nats://127.0.0.1:4222'], undefined],
    ['127.0.0.1:4222', ['127.0.0.1:4222'], undefined],
    ['nats://worker:s%40crét@host:4222', ['nats://host:4222'], { user: 'worker', password: 's@crét' }],
    ['nats://u:p@one:4222, nats://u:p@two:4222', ['nats://one:4222', 'nats://two:4222'], { user: 'u', password: 'p' }],
  ])('%s names servers and perhaps a user', (url, servers, credentials) => {
    expect(natsAddress(url)).toEqual({ servers, ...(credentials ? { credentials } : {}) });
  });
});

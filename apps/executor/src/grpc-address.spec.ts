import { hostname } from 'node:os';
import { grpcAddressOf } from './grpc-address.js';

describe('the address of the gRPC door', () => {
  const internalToken = 'a token that is long enough for it';

  it.each([
    ['127.0.0.1', undefined, '127.0.0.1:7'],
    ['10.0.0.5', undefined, '10.0.0.5:7'],
    ['0.0.0.0', undefined, `${hostname()}:7`],
    ['::', undefined, `${hostname()}:7`],
    ['::', 'executor-1.shop.local', 'executor-1.shop.local:7'],
    ['::1', undefined, '[::1]:7'],
  ])('listening on %s, with %s to be told, it is %s', (host, advertisedHost, address) => {
    const { confined, advertised } = grpcAddressOf({ host, grpcPort: 0, internalToken, ...(advertisedHost && { advertisedHost }) });
    expect({ confined, address: advertised(7) }).toEqual({ confined: false, address });
  });

  it.each(['0.0.0.0', '::', '10.0.0.5', 'executor-1'])('without a token it is of this machine only, not %s', (host) => {
    const { listens, confined, advertised } = grpcAddressOf({ host, grpcPort: 5, advertisedHost: 'executor-1' });
    expect({ listens, confined, told: advertised(5) }).toEqual({ listens: '127.0.0.1:5', confined: true, told: '127.0.0.1:5' });
  });

  it.each(['127.0.0.1', '::1', 'localhost'])('without a token %s stays as it is', (host) => {
    expect(grpcAddressOf({ host, grpcPort: 5 }).confined).toBe(false);
  });
});

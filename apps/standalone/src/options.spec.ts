import { resolve } from 'node:path';
import { UsageError, readOptions } from './options.js';

describe('the command line of standalone', () => {
  it('has a default for everything', () => {
    expect(readOptions([], {})).toEqual({
      dataDir: resolve('.orderlines'),
      host: '127.0.0.1',
      port: 15900,
      grpcPort: 50051,
      sample: true,
      once: false,
      storesOnly: false,
      logLevel: 'warn',
    });
  });

  it('takes ports and the data folder from the environment when they are not given', () => {
    const environment = { ORDERLINES_PORT: '1', ORDERLINES_GRPC_PORT: '2', ORDERLINES_DATA_DIR: 'data' };
    expect(readOptions(['--port', '3'], environment)).toMatchObject({ port: 3, grpcPort: 2, dataDir: resolve('data') });
  });

  it('starts no sample when only the stores are wanted', () => {
    expect(readOptions(['--only', 'stores'], {})).toMatchObject({ storesOnly: true, sample: false });
  });

  it('is undefined when help is asked for', () => expect(readOptions(['--help'], {})).toBeUndefined());

  it.each([
    [['--port', 'http'], /port number.*"http"/],
    [['--port', '70000'], /0–65535/],
    [['--only', 'worker'], /knows "stores"/],
    [['--once', '--no-sample'], /does not go with/],
    [['--colour'], /colour/],
    [['extra'], /extra/],
  ])('%j is refused with the reason', (args, reason) => {
    expect(() => readOptions(args, {})).toThrow(UsageError);
    expect(() => readOptions(args, {})).toThrow(reason);
  });
});

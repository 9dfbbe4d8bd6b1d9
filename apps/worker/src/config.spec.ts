import { parseEnvironment } from '@orderlines/service-host';
import { taskEnvironment, workerEnvironment } from './config.js';

const nats = { ORDERLINES_NATS_URL: 'nats://127.0.0.1:4222' };

describe('the environment of a worker', () => {
  it('needs only the address of NATS', () => {
    expect(parseEnvironment(workerEnvironment, nats)).toMatchObject({
      natsUrl: nats.ORDERLINES_NATS_URL,
      queues: ['default'],
      slots: 16,
      drainMs: 10_000,
    });
  });

  it('names queues, slots, and the address rules of http.request', () => {
    const config = parseEnvironment(workerEnvironment, {
      ...nats,
      ORDERLINES_WORKER_NAME: 'dmz-1',
      ORDERLINES_WORKER_QUEUES: 'default, cpu,default',
      ORDERLINES_WORKER_SLOTS: '3',
      ORDERLINES_HTTP_ALLOW: '10.0.0.0/8, *.shop.local',
    });
    expect(config).toMatchObject({
      name: 'dmz-1',
      queues: ['default', 'cpu'],
      slots: 3,
      addresses: { allow: ['10.0.0.0/8', '*.shop.local'] },
    });
    expect(config.addresses.deny).toContain('169.254.0.0/16');
    expect(config.smtp).toBeUndefined();
  });

  it('switches mail on with the address of a server', () => {
    const variables = {
      ORDERLINES_SMTP_URL: 'smtp://mail.local:587',
      ORDERLINES_SMTP_USER: 'u',
      ORDERLINES_SMTP_PASSWORD: 'p',
      ORDERLINES_SMTP_TO: 'a@x, b@x',
    };
    expect(parseEnvironment(taskEnvironment, variables).smtp).toEqual({
      url: variables.ORDERLINES_SMTP_URL,
      user: 'u',
      password: 'p',
      from: 'orderlines@localhost',
      to: ['a@x', 'b@x'],
    });
  });

  it.each([
    [{}, 'ORDERLINES_NATS_URL'],
    [{ ...nats, ORDERLINES_WORKER_NAME: 'a.b' }, 'ORDERLINES_WORKER_NAME'],
    [{ ...nats, ORDERLINES_WORKER_QUEUES: 'a b' }, 'ORDERLINES_WORKER_QUEUES'],
    [{ ...nats, ORDERLINES_SMTP_URL: 'http://mail.local' }, 'ORDERLINES_SMTP_URL: must be smtp'],
    [{ ...nats, ORDERLINES_SMTP_URL: 'smtp://mail.local', ORDERLINES_SMTP_CA_FILE: '/no/such/file' }, 'ORDERLINES_SMTP_CA_FILE: ENOENT'],
  ])('%j is refused because of %s', (variables: Record<string, string>, problem) => {
    expect(() => parseEnvironment(workerEnvironment, variables)).toThrow(problem);
  });
});

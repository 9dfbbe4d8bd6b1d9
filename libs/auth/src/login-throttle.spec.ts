import { LoginThrottle } from './login-throttle.js';

describe('the login throttle', () => {
  let now = 0;
  const throttle = () => new LoginThrottle(() => now);
  const fail = (door: LoginThrottle, times: number, account: string, address: string) => {
    for (let time = 0; time < times; time += 1) door.attempted(account, address);
  };
  beforeEach(() => {
    now = 0;
  });

  it('lets an account fail five times, then makes it wait, twice as long each time', () => {
    const door = throttle();
    fail(door, 4, 'bob', '192.0.2.1');
    expect(door.waitMs('bob', '192.0.2.1')).toBe(0);
    fail(door, 1, 'bob', '192.0.2.1');
    expect(door.waitMs('bob', '192.0.2.9')).toBe(5_000);
    now = 5_000;
    expect(door.waitMs('bob', '192.0.2.1')).toBe(0);
    fail(door, 1, 'bob', '192.0.2.1');
    expect(door.waitMs('bob', '192.0.2.1')).toBe(10_000);
  });

  it('never waits longer than a quarter of an hour', () => {
    const door = throttle();
    fail(door, 100, 'bob', '192.0.2.1');
    expect(door.waitMs('bob', '192.0.2.1')).toBe(900_000);
  });

  it('slows an address down that tries many accounts', () => {
    const door = throttle();
    for (let account = 0; account < 20; account += 1) fail(door, 1, `user-${account}`, '192.0.2.1');
    expect(door.waitMs('alice', '192.0.2.1')).toBe(5_000);
    expect(door.waitMs('alice', '192.0.2.2')).toBe(0);
  });

  it('forgets an account that logged in, and what was an hour ago', () => {
    const door = throttle();
    fail(door, 5, 'bob', '192.0.2.1');
    door.succeeded('bob', '192.0.2.1');
    expect(door.waitMs('bob', '192.0.2.1')).toBe(0);
    fail(door, 5, 'bob', '192.0.2.1');
    now = 3_600_000;
    fail(door, 1, 'bob', '192.0.2.1');
    expect(door.waitMs('bob', '192.0.2.1')).toBe(0);
  });

  it('remembers a bounded number, the latest', () => {
    const door = throttle();
    fail(door, 5, 'bob', 'first');
    for (let other = 0; other < 10_000; other += 1) fail(door, 1, `user-${other}`, `address-${other}`);
    expect(door.waitMs('bob', 'elsewhere')).toBe(0);
    fail(door, 5, 'carol', 'last');
    expect(door.waitMs('carol', 'elsewhere')).toBe(5_000);
  });
});

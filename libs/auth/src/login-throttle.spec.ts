import { addressKey, waitMs } from './login-throttle.js';

describe('how long the next login must wait', () => {
  const account = (count: number, agoMs = 0) => waitMs({ kind: 'account', count, agoMs });

  it('five failures of an account are free, then the wait doubles', () => {
    expect([0, 4, 5, 6, 7, 9].map((count) => account(count))).toEqual([0, 0, 5_000, 10_000, 20_000, 80_000]);
  });

  it('waiting counts', () => {
    expect([account(6, 4_000), account(6, 10_000)]).toEqual([6_000, 0]);
  });

  it('ten failures lock the account for a quarter of an hour, however many more there are', () => {
    expect([account(10), account(10, 60_000), account(1_000)]).toEqual([900_000, 840_000, 900_000]);
  });

  it('an address, which many share, may fail more often', () => {
    expect([19, 20, 21, 30].map((count) => waitMs({ kind: 'address', count, agoMs: 0 }))).toEqual([0, 5_000, 10_000, 900_000]);
  });

  it('after an hour all is forgotten', () => {
    expect(account(1_000, 3_600_000)).toBe(0);
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['x', 'x'],
  ])('%s is counted as %s', (address, key) => expect(addressKey(address)).toBe(key));
});

import { ConnectionAge } from './connection-age.js';

describe('the age of the connections', () => {
  it('lets nothing fire while they are away', () => {
    const age = new ConnectionAge(0);
    expect(age.mayFire(0, 1_000)).toBe(false);
    age.connected('nats');
    expect(age.mayFire(0, 1_000)).toBe(false);
    age.connected('postgres');
    expect(age.mayFire(0, 1_000)).toBe(true);
    age.disconnected('nats');
    expect(age.mayFire(0, 1_000)).toBe(false);
    expect(age.connectedMs).toBe(0);
  });

  it('holds back what began before an outage ended, but not what began after it', () => {
    const age = new ConnectionAge(30_000);
    age.connected('nats');
    age.connected('postgres');
    const now = 1_000_000;
    expect(age.settled).toBe(false);
    expect(age.mayFire(now - 60_000, now)).toBe(false);
    expect(age.mayFire(now, now)).toBe(true);
  });
});

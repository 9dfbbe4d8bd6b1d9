import { LoginThrottle } from './login-throttle.js';

describe('the login throttle', () => {
  let now = 0;
  const throttle = () => new LoginThrottle({ failures: 3, windowMs: 1_000, remembered: 2 }, () => now);
  beforeEach(() => {
    now = 0;
  });

  it('shuts the door after some failures and opens it when they are old', () => {
    const door = throttle();
    for (let tries = 0; tries < 3; tries += 1) door.failed('bob');
    expect(door.waitMs('bob')).toBe(1_000);
    now = 600;
    expect(door.waitMs('bob')).toBe(400);
    now = 1_001;
    expect(door.waitMs('bob')).toBe(0);
  });

  it('forgets failures after a success', () => {
    const door = throttle();
    for (let tries = 0; tries < 3; tries += 1) door.failed('bob');
    door.succeeded('bob');
    expect(door.waitMs('bob')).toBe(0);
  });

  it('asks for the longest wait of name and address', () => {
    const door = throttle();
    for (let tries = 0; tries < 3; tries += 1) door.failed('192.0.2.1');
    expect(door.waitMs('alice', '192.0.2.1')).toBe(1_000);
  });

  it('remembers no more than it may', () => {
    const door = throttle();
    for (let tries = 0; tries < 3; tries += 1) door.failed('bob');
    door.failed('carol');
    door.failed('dave');
    expect(door.waitMs('bob')).toBe(0);
  });
});

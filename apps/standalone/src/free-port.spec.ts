import { chosenPort } from './free-port.js';

describe('the port of a door', () => {
  it('is the one that is asked for', async () => expect(await chosenPort('127.0.0.1', 15_900)).toBe(15_900));

  it('is a free one when 0 is asked for', async () => expect(await chosenPort('127.0.0.1', 0)).toBeGreaterThan(0));
});

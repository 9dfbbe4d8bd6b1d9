import { z } from 'zod';
import { EnvironmentError, parseEnvironment, portVariable } from './environment.js';

const schema = z.object({ URL: z.url(), PORT: portVariable().default(15_900), NAME: z.string().min(1) });

describe('the environment', () => {
  it('gives values and defaults; an empty variable counts as not set', () => {
    expect(parseEnvironment(schema, { URL: 'http://localhost', NAME: 'a', PORT: '' })).toEqual({
      URL: 'http://localhost',
      NAME: 'a',
      PORT: 15_900,
    });
  });

  it('names every bad variable at once', () => {
    const read = () => parseEnvironment(schema, { URL: 'nowhere', PORT: '70000' });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(/URL: [^]*PORT: [^]*NAME: /);
  });
});

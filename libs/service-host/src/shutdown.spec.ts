import { createLogger } from './logger.js';
import { Shutdown } from './shutdown.js';

const logger = createLogger('test', 'silent');

describe('the shutdown of a service', () => {
  it('closes in the reverse order of the opening, once', async () => {
    const closed: string[] = [];
    const shutdown = new Shutdown(logger);
    for (const name of ['store', 'queue', 'door']) shutdown.add(name, async () => void closed.push(name));
    await Promise.all([shutdown.close(), shutdown.close()]);
    expect(closed).toEqual(['door', 'queue', 'store']);
  });

  it('goes on past what fails and what hangs', async () => {
    const closed: string[] = [];
    const shutdown = new Shutdown(logger, 50);
    shutdown.add('last', () => void closed.push('last'));
    shutdown.add('hangs', () => new Promise(() => undefined));
    shutdown.add('fails', () => {
      throw new Error('no');
    });
    await shutdown.close();
    expect(closed).toEqual(['last']);
  });
});

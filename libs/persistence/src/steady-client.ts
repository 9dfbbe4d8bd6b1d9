import pg from 'pg';

/**
 * A connection that may break at any moment without ending the service. A pool listens to the connections that lie in it;
 * one that is lent to a transaction which is between two statements when the server ends would throw its error at the process.
 * Nothing is lost by not listening: the next statement fails with what happened, and the pool drops a broken connection that comes back.
 */
export class SteadyClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

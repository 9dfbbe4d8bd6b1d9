import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createInbox, errors, type ConnectionOptions, type NatsConnection, type Status } from '@nats-io/transport-node';
import { gatherWrites } from './gathered-writes.js';
import { MessagingError } from './messaging-error.js';
import { natsAddress, type NatsAddress } from './nats-address.js';

/** How a service connects. */
export interface NatsOptions {
  /** Shown in the server's list of connections. */
  readonly name: string;
  /** The service's own NATS user; absent where the server asks for none. */
  readonly credentials?: NatsAddress['credentials'];
  /** Subjects of answers; a user of its own may listen to its own only ({@link inboxPrefixOf}). */
  readonly inboxPrefix?: string;
  /** How long the first connection may take, in milliseconds. */
  readonly limitMs?: number;
}

/** Inbox prefix that the rights of a user allow. */
export const inboxPrefixOf = (user: string): string => `_INBOX_${user}`;

const FIRST_LIMIT_MS = 30_000;

/**
 * Connects; once connected it reconnects for ever. Credentials may also stand in the address. A server that cannot be reached within
 * `limitMs` is an error `nats.unreachable`, unknown credentials are `nats.refused` at once. The caller closes or drains the connection.
 */
export const connectNats = async (url: string, options: NatsOptions): Promise<NatsConnection> => {
  const address = natsAddress(url);
  const credentials = options.credentials ?? address.credentials;
  const at = address.servers.join(', ');
  for (const end = Date.now() + (options.limitMs ?? FIRST_LIMIT_MS); ; await sleep(250)) {
    try {
      const connection = await connect(clientOptions(address.servers, { ...options, ...(credentials ? { credentials } : {}) }));
      gatherWrites(connection);
      watchConnection(connection, ({ type }) => {
        if (type === 'reconnect') gatherWrites(connection);
      });
      return connection;
    } catch (error) {
      if (isRefusal(error)) {
        const who = credentials ? `user "${credentials.user}"` : 'a connection without a user';
        throw new MessagingError('nats.refused', `NATS at ${at} refuses ${who}: check its name and password.`, { cause: error });
      }
      if (Date.now() < end) continue;
      const why = error instanceof Error ? error.message : String(error);
      const message = `NATS cannot be reached at ${at} (${why}): check that nats-server runs there.`;
      throw new MessagingError('nats.unreachable', message, { cause: error });
    }
  }
};

/** Sends what is on its way, hears what was asked for, and closes; a connection that has no server at the moment is closed as it is. */
export const leaveNats = async (connection: NatsConnection): Promise<void> => {
  try {
    await connection.drain();
  } catch {
    // It would go on trying to reach a server for ever, and keep its process alive with that.
    await connection.close();
  }
};

const clientOptions = (servers: string[], { name, credentials, inboxPrefix }: NatsOptions): ConnectionOptions => {
  const inbox = inboxPrefix ?? (credentials ? inboxPrefixOf(credentials.user) : undefined);
  return {
    servers,
    name,
    ...(credentials ? { user: credentials.user, pass: credentials.password } : {}),
    ...(inbox === undefined ? {} : { inboxPrefix: inbox }),
    timeout: 5_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    // A server that went away without a word is noticed within 15 s: that is when workers begin to stop their tasks.
    pingInterval: 5_000,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
    // Else every request and every publish makes two errors with their stacks in advance: a tenth of the executor's time.
    noAsyncTraces: true,
  };
};

/** A subject for answers that this connection may listen to. */
export const newInbox = (connection: NatsConnection): string => {
  // The library keeps the options at its connections but does not declare them.
  const { options } = connection as NatsConnection & { readonly options?: ConnectionOptions };
  return createInbox(options?.inboxPrefix);
};

/** A server under load gives up a login that took too long with the same error: that one is worth another try. */
const isRefusal = (error: unknown): boolean =>
  (error instanceof errors.AuthorizationError && !/timeout/i.test(error.message)) ||
  error instanceof errors.UserAuthenticationExpiredError ||
  (error instanceof Error && error.cause !== undefined && isRefusal(error.cause));

/** Tells what happens to a connection until the returned function is called or the connection is closed. */
export const watchConnection = (connection: NatsConnection, listener: (status: Status) => void): (() => void) => {
  const statuses = connection.status() as AsyncIterable<Status> & { stop(): void };
  void (async () => {
    for await (const status of statuses) listener(status);
  })();
  return () => statuses.stop();
};

import type { EventSourceMessage } from 'eventsource-parser';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { setTimeout as pause } from 'node:timers/promises';
import { CommandError, NotLetIn, UnreachableError } from '../command-error.js';
import type { ApiClient, Request } from './client.js';

/** How long a server that was there may be away before following it is given up. */
const AWAY_LIMIT_MS = 5 * 60_000;
const RECONNECT_AFTER_MS = 500;
/** How long a person may take to log in again while something is followed whose token has ended. */
const LOGIN_LIMIT_MS = 60_000;
/** Words of the server about the stream itself. */
const OF_THE_STREAM: readonly (string | undefined)[] = ['closing', 'too-slow', 'refused'];

/** A stream of events: its path behind `/api/v1/`, and its query. */
export type EventSource = Pick<Request, 'path' | 'query'>;

/**
 * Follows a stream of server-sent events to its `end`, over any number of broken connections: each new one resumes behind the last id.
 * Gives the events of the run, not those about the stream. When the token ends on the way, a later login (`orderlines login` elsewhere) brings
 * the next one, within a minute. Throws when the server refuses, was never there, or stays away for five minutes.
 */
export async function* followEvents(client: ApiClient, stream: EventSource, signal: AbortSignal): AsyncGenerator<EventSourceMessage> {
  let lastId: string | undefined;
  let heardAt = -Infinity;
  while (!signal.aborted) {
    try {
      const messages = await connect(client, stream, lastId, signal);
      heardAt = Date.now();
      for await (const message of messages) {
        heardAt = Date.now();
        lastId = message.id ?? lastId;
        if (message.event === 'end') return;
        if (!OF_THE_STREAM.includes(message.event)) yield message;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof NotLetIn && heardAt > -Infinity && (await anotherLogin(client, signal))) continue;
      const refusal = error instanceof CommandError && !(error instanceof UnreachableError);
      if (refusal || Date.now() - heardAt > AWAY_LIMIT_MS) throw error;
    }
    await pause(RECONNECT_AFTER_MS);
  }
}

/** Waits for a login that brings another token; false: none came in time. */
const anotherLogin = async (client: ApiClient, signal: AbortSignal): Promise<boolean> => {
  for (const end = Date.now() + LOGIN_LIMIT_MS; !signal.aborted && Date.now() < end; await pause(RECONNECT_AFTER_MS)) {
    if (await client.renewToken()) return true;
  }
  return false;
};

const connect = async (client: ApiClient, { path, query }: EventSource, lastId: string | undefined, signal: AbortSignal) => {
  const answer = await client.send(
    { method: 'GET', path, query, headers: { accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) } },
    signal,
  );
  if (!answer.body) throw new UnreachableError(`${client.server} answers ${path} without a stream`);
  return answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
};

import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';

/** A stream of server-sent events that a test reads; `events` ends with it. */
export interface OpenStream {
  readonly status: number;
  readonly events: AsyncGenerator<EventSourceMessage, void, undefined>;
}

/** Opens a stream as who holds the token; `after` is the last event that they have seen. */
export const openStream = async (url: string, token: string, after?: string): Promise<OpenStream> => {
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, ...(after !== undefined && { 'last-event-id': after }) },
  });
  return { status: answer.status, events: eventsOf(answer) };
};

async function* eventsOf(answer: Response): AsyncGenerator<EventSourceMessage, void, undefined> {
  if (answer.ok && answer.body) yield* answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}

import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';

/** Events of a response, as they come; the reader's `return` closes the connection. */
export async function* eventsOf(answer: Response): AsyncGenerator<EventSourceMessage, void, undefined> {
  if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${await answer.text()}`);
  yield* answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}

/** All events to the end of the response. */
export const allEvents = async (answer: Response): Promise<EventSourceMessage[]> => {
  const all: EventSourceMessage[] = [];
  for await (const event of eventsOf(answer)) all.push(event);
  return all;
};

/** The next event; an ended stream is an error. */
export const nextEvent = async (events: AsyncGenerator<EventSourceMessage, void, undefined>): Promise<EventSourceMessage> => {
  const { value } = await events.next();
  if (!value) throw new Error('the stream has ended');
  return value;
};

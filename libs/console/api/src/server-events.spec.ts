import { ReadableStream as NodeStream, TextDecoderStream as NodeDecoder } from 'node:stream/web';
import { readServerEvents } from './server-events.js';

// jsdom has no streams; browsers have these.
Object.assign(globalThis, { ReadableStream: NodeStream, TextDecoderStream: NodeDecoder });

const eventsOf = async (...chunks: readonly string[]) => {
  const bytes = chunks.map((chunk) => new Uint8Array(Buffer.from(chunk)));
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const part of bytes) controller.enqueue(part);
      controller.close();
    },
  });
  const events = [];
  for await (const event of readServerEvents(body)) events.push(event);
  return events;
};

describe('a stream of server-sent events', () => {
  it('gives events with their ids and data, and passes over comments', async () => {
    expect(await eventsOf(': here we go\n\n', 'id: 7\nevent: facts\ndata: {"a":1}\n\nevent: end\ndata: {}\n\n')).toEqual([
      { event: 'facts', id: '7', data: '{"a":1}' },
      { event: 'end', id: undefined, data: '{}' },
    ]);
  });

  it('puts together what comes in pieces, also within a letter', async () => {
    const [first, second] = [Buffer.from('data: 流程\n\n').subarray(0, 7), Buffer.from('data: 流程\n\n').subarray(7)];
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(new Uint8Array(first));
        controller.enqueue(new Uint8Array(second));
        controller.close();
      },
    });
    const events = [];
    for await (const { data } of readServerEvents(body)) events.push(data);
    expect(events).toEqual(['流程']);
  });

  it('joins lines of data, and takes an event without a name for a message', async () => {
    expect(await eventsOf('data: one\r\ndata: two\r\n\r\n')).toEqual([{ event: 'message', id: undefined, data: 'one\ntwo' }]);
  });
});

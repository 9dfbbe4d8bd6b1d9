import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiClient } from './client.js';
import { followEvents } from './event-stream.js';

describe('following server-sent events', () => {
  let server: Server;
  let seen: (string | undefined)[];
  let answer: (request: IncomingMessage, response: ServerResponse, time: number) => void;

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request.headers['last-event-id'] as string | undefined);
      answer(request, response, seen.length);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => void (seen = []));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const follow = async (): Promise<string[]> => {
    const data: string[] = [];
    const client = new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, undefined);
    for await (const event of followEvents(client, { path: 'instances/x/events' }, new AbortController().signal)) data.push(event.data);
    return data;
  };
  const row = (id: number): string => `id: ${id}\nevent: facts\ndata: row ${id}\n\n`;
  const stream = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

  it('gives every event up to the end', async () => {
    answer = (_request, response) =>
      void stream(response).end(`${row(1)}: a comment keeps the line open\n\n${row(2)}event: end\ndata:\n\n`);
    expect(await follow()).toEqual(['row 1', 'row 2']);
    expect(seen).toEqual([undefined]);
  });

  it('resumes behind the last event after a broken line, a closed one, and a server that is not ready', async () => {
    answer = (_request, response, time) => {
      if (time === 1) stream(response).write(row(1), () => response.destroy());
      else if (time === 2) stream(response).end(row(2));
      else if (time === 3) response.writeHead(503).end();
      else stream(response).end(`${row(3)}event: end\ndata:\n\n`);
    };
    expect(await follow()).toEqual(['row 1', 'row 2', 'row 3']);
    expect(seen).toEqual([undefined, '1', '2', '2']);
  });

  it('goes on behind the last event with the token of a later login', async () => {
    const tokens: (string | undefined)[] = [];
    answer = (request, response, time) => {
      tokens.push(request.headers.authorization);
      if (time === 1) stream(response).end(`${row(1)}event: refused\ndata: {"code":"auth.not-authenticated"}\n\n`);
      else if (request.headers.authorization === 'Bearer old') response.writeHead(401).end('{}');
      else stream(response).end(`${row(2)}event: end\ndata: {}\n\n`);
    };
    const kept = ['old', 'old', 'new'];
    const client = new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'old', async () => kept.shift() ?? 'new');
    const data: string[] = [];
    for await (const event of followEvents(client, { path: 'x' }, new AbortController().signal)) data.push(event.data);
    expect(data).toEqual(['row 1', 'row 2']);
    expect(tokens).toEqual(['Bearer old', 'Bearer old', 'Bearer new']);
    expect(seen).toEqual([undefined, '1', '1']);
  });

  it('ends with what the server says when it refuses', async () => {
    answer = (_request, response) => void response.writeHead(404).end(JSON.stringify({ detail: 'there is no such run' }));
    await expect(follow()).rejects.toThrow('there is no such run');
    expect(seen).toHaveLength(1);
  });

  it('ends when the server was never there', async () => {
    const client = new ApiClient('http://127.0.0.1:1', undefined);
    await expect(followEvents(client, { path: 'x' }, new AbortController().signal).next()).rejects.toThrow('cannot reach');
  });

  it('ends when the caller has had enough', async () => {
    answer = (_request, response) => void stream(response).write(row(1));
    const abort = new AbortController();
    const client = new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, undefined);
    const data: string[] = [];
    for await (const event of followEvents(client, { path: 'x' }, abort.signal)) {
      data.push(event.data);
      abort.abort();
    }
    expect(data).toEqual(['row 1']);
  });
});

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { conformanceProblems, StopOrder, tryTask } from '@orderlines/plugin-sdk';
import { AddressRules, DEFAULT_DENIED } from './address-rules.js';
import { httpRequestTask } from './http-request.task.js';

const http = httpRequestTask({ allow: [], deny: DEFAULT_DENIED });

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;
const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));

/** Settles with the first call that is never answered. */
const silentHeard = Promise.withResolvers<void>();

const doors: Record<string, Handler> = {
  '/json': (_request, response) => json(response, { ready: true, version: 'v1' }),
  '/text': (_request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('plain\u0000'),
  '/broken': (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{ no'),
  '/echo': (request, response, body) => json(response, { method: request.method, headers: request.headers, url: request.url, body }),
  '/bad': (_request, response) => json(response, { why: 'maintenance' }, 503),
  '/gzip': (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}')),
  '/bomb': (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(80_000_000))),
  '/large': (_request, response) => response.writeHead(200, { 'content-length': 70_000_000 }).end(Buffer.alloc(70_000_000, 'x')),
  '/silent': () => silentHeard.resolve(),
  '/loop': (_request, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/see-other': (_request, response) => response.writeHead(303, { location: '/echo' }).end(),
  '/keep': (_request, response) => response.writeHead(307, { location: '/echo' }).end(),
  '/metadata': (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
};

describe('http.request', () => {
  let server: Server;
  let other: Server;
  let base: string;

  const listen = async (handler: (request: IncomingMessage, response: ServerResponse) => void) => {
    const made = createServer(handler);
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    return made;
  };
  const portOf = (of: Server) => (of.address() as AddressInfo).port;
  const call = async (path: string, more: object = {}, options = {}) =>
    (await tryTask(http, { url: base + path, ...more }, options)).outcome;

  beforeAll(async () => {
    server = await listen((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        if (path === '/elsewhere') response.writeHead(307, { location: `http://127.0.0.1:${portOf(other)}/` }).end();
        else (doors[path] ?? doors['/json'])?.(request, response, Buffer.concat(chunks).toString());
      });
    });
    other = await listen((request, response) => json(response, request.headers));
    base = `http://127.0.0.1:${portOf(server)}`;
  });
  afterAll(() => {
    for (const one of [server, other]) {
      one.closeAllConnections();
      one.close();
    }
  });

  it('conforms to what every task type keeps', async () => {
    const problems = await conformanceProblems(http, [
      {
        title: 'parses JSON',
        inputs: { url: `${base}/json` },
        expect: { status: 'SUCCESS', result: { status: 200, body: { ready: true, version: 'v1' } }, log: 'GET' },
      },
      { title: 'gives text, cleaned', inputs: { url: `${base}/text` }, expect: { status: 'SUCCESS', result: { body: 'plain\ufffd' } } },
      {
        title: 'gives JSON that is broken as text',
        inputs: { url: `${base}/broken` },
        expect: { status: 'SUCCESS', result: { body: '{ no' } },
      },
      { title: 'reads compressed answers', inputs: { url: `${base}/gzip` }, expect: { status: 'SUCCESS', result: { body: { a: 1 } } } },
      {
        title: 'fails on another status and keeps the answer',
        inputs: { url: `${base}/bad` },
        expect: {
          status: 'FAILURE',
          reason: 'plugin',
          code: 'http.status',
          message: 'answered 503, expected 2xx',
          result: { body: { why: 'maintenance' } },
        },
      },
      {
        title: 'takes the status that is expected',
        inputs: { url: `${base}/bad`, expect: [404, '5xx'] },
        expect: { status: 'SUCCESS', result: { status: 503 } },
      },
      {
        title: 'follows no more redirects than allowed',
        inputs: { url: `${base}/loop`, redirects: 3 },
        expect: { status: 'FAILURE', code: 'http.redirects' },
      },
      {
        title: 'follows none when it should not',
        inputs: { url: `${base}/loop`, redirects: 0, expect: 302 },
        expect: { status: 'SUCCESS', result: { status: 302 } },
      },
      {
        title: 'refuses an answer that is too large',
        inputs: { url: `${base}/large` },
        expect: { status: 'FAILURE', code: 'result.too-large', message: '66.8 MiB long; at most 64 MiB' },
      },
      { title: 'refuses an answer that swells', inputs: { url: `${base}/bomb` }, expect: { status: 'FAILURE', code: 'result.too-large' } },
      {
        title: 'gives up in time',
        inputs: { url: `${base}/silent`, timeoutSeconds: 0.2 },
        expect: { status: 'FAILURE', reason: 'plugin', code: 'http.timeout' },
      },
      {
        title: 'says that nobody answers',
        inputs: { url: 'http://127.0.0.1:9/' },
        expect: { status: 'FAILURE', reason: 'plugin', code: 'http.unreachable', message: 'ECONNREFUSED' },
      },
      { title: 'knows only http', inputs: { url: 'file:///etc/passwd' }, expect: { status: 'FAILURE', code: 'http.protocol' } },
      { title: 'wants an address', inputs: { url: 'no address' }, expect: { status: 'FAILURE', code: 'http.address' } },
    ]);
    expect(problems).toEqual([]);
  });

  it('sends method, headers, query and JSON', async () => {
    const outcome = await call('/echo?a=1', { method: 'PUT', json: { n: 1 }, headers: { 'X-Token': 5 }, query: { b: 'ü&' } });
    expect(outcome).toMatchObject({
      result: {
        body: {
          method: 'PUT',
          body: '{"n":1}',
          url: '/echo?a=1&b=%C3%BC%26',
          headers: { 'content-type': 'application/json', 'x-token': '5' },
        },
      },
    });
  });

  it('becomes a GET without a body where the server says so, and keeps method and body where it does not', async () => {
    expect(await call('/see-other', { method: 'POST', body: 'x' })).toMatchObject({ result: { body: { method: 'GET', body: '' } } });
    expect(await call('/keep', { method: 'POST', body: 'x' })).toMatchObject({ result: { body: { method: 'POST', body: 'x' } } });
  });

  it('takes no credentials to another origin', async () => {
    const outcome = await call('/elsewhere', { headers: { Authorization: 'Bearer secret', 'X-Other': 'yes' } });
    expect(outcome).toMatchObject({ status: 'SUCCESS', result: { body: { 'x-other': 'yes' } } });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it('is stopped while it waits', async () => {
    const order = new StopOrder('stopped', 'by the test', 1_000);
    expect(await call('/silent', {}, { stopWhen: () => silentHeard.promise.then(() => order) })).toMatchObject({ status: 'STOP' });
  });

  it.each([
    ['the metadata service', 'http://169.254.169.254/latest/meta-data'],
    ['the same written as a number', 'http://2852039166/'],
    ['the same as an IPv6 address', 'http://[::ffff:169.254.169.254]/'],
    ['its name', 'http://metadata.google.internal/'],
    ['the metadata service over IPv6', 'http://[fd00:ec2::254]/'],
  ])('does not call %s', async (_what, url) => {
    const { outcome } = await tryTask(http, { url });
    expect(outcome).toMatchObject({ status: 'FAILURE', failure: { reason: 'user', code: 'http.forbidden' } });
  });

  it('does not follow a redirect to a forbidden address', async () => {
    expect(await call('/metadata')).toMatchObject({ status: 'FAILURE', failure: { code: 'http.forbidden' } });
  });

  it('checks the addresses that a name leads to', async () => {
    const denied = httpRequestTask({ allow: [], deny: ['127.0.0.0/8', '::1'] });
    const { outcome } = await tryTask(denied, { url: `http://localhost:${portOf(server)}/json` });
    expect(outcome).toMatchObject({
      status: 'FAILURE',
      failure: { code: 'http.forbidden', message: expect.stringContaining('localhost (') },
    });
  });

  it('calls only what is allowed when there is a list of that', async () => {
    const some = httpRequestTask({ allow: ['127.0.0.0/8', '*.example.org'], deny: [] });
    expect((await tryTask(some, { url: `${base}/json` })).outcome.status).toBe('SUCCESS');
    expect((await tryTask(some, { url: 'http://[::1]:9/' })).outcome).toMatchObject({ failure: { code: 'http.forbidden' } });
    expect(() => new AddressRules({ allow: ['*.example.org'], deny: ['bad.example.org'] }).checkHost('bad.example.org')).toThrow(
      /may not call/,
    );
  });
});

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { parse } from 'yaml';
import { commandLine } from './program.js';
import { runForTest as run } from './testing/run-for-test.js';

/** What the issue of the first release lists, and nothing that comes later. */
const COMMANDS = [
  'api-log',
  'apply',
  'approvals',
  'approve',
  'audit',
  'batch',
  'build-process-by-json',
  'build-process-by-yaml',
  'check',
  'choose',
  'copy-process',
  'create-super-user',
  'create-user',
  'debug',
  'delete-process',
  'department',
  'diff',
  'download',
  'event',
  'explain',
  'export',
  'export-namespace',
  'fail',
  'get|list',
  'grant',
  'group',
  'import',
  'login',
  'logout',
  'logs',
  'may',
  'migrate',
  'namespace',
  'nats-users',
  'parameter',
  'parked',
  'passwd',
  'paused-process',
  'raise',
  'recover-process',
  'rerun',
  'restart-process',
  'retry',
  'role',
  'rotate-keys',
  'run',
  'run-grpc',
  'runserver|run-server',
  'schedule',
  'schedules',
  'schema',
  'secret',
  'seed-demo',
  'sessions',
  'set-variable',
  'signal',
  'skip',
  'standalone',
  'start-process',
  'stop-process|stop',
  'stop-task',
  'succeed',
  'tokens',
  'triggers',
  'users',
  'validate',
  'variable',
  'versions',
  'watch',
  'who-may',
];

describe('the commands', () => {
  const terminal = { environment: {}, input: Readable.from([]), output: new PassThrough(), notices: new PassThrough() };
  const { root } = commandLine(terminal);

  it('are those that work, no more and no less', () => {
    expect(root.commands.map((command) => [command.name(), ...command.aliases()].join('|')).sort()).toEqual(COMMANDS);
  });

  it('are all in the help, with examples and exit codes', async () => {
    const { code, output } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(output).toContain(`  ${command}`);
    expect(output).toContain('Examples:');
    expect(output).toContain('Exit codes:');
  });

  it.each(root.commands.filter((command) => command.name() !== 'standalone').map((command) => [command.name()]))(
    '%s explains itself',
    async (name) => {
      const { code, output } = await run([name, '--help']);
      expect(code).toBe(0);
      expect(output).toContain(`Usage: orderlines ${name}`);
      expect(output).not.toContain('clear-db');
    },
  );

  it('leave to the program the options that it reads itself', () => {
    const taken = root.options.map((option) => option.long);
    const repeated = root.commands.flatMap((command) =>
      command.options.filter((option) => taken.includes(option.long)).map((option) => `${command.name()} ${option.long}`),
    );
    expect(taken).toContain('--version');
    expect(repeated).toEqual([]);
  });

  it('schema writes what editors check definitions with, without a server', async () => {
    const { code, output } = await run(['schema'], { ORDERLINES_URL: 'http://127.0.0.1:1' });
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ title: 'orderlines process', $schema: expect.stringContaining('2020-12') });
  });

  it('take -h as the host where the original did', async () => {
    const { output } = await run(['runserver', '--help']);
    expect(output).toContain('-h, --host <host>');
  });
});

describe('wrong usage', () => {
  it.each([
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['r'], '`r` could be '],
    [['start-process'], 'which process?'],
    [['start-process', 'a', '-p_id', 'b'], 'several are named'],
    [['start-process', 'a', '--frob'], "unknown option '--frob'"],
    [['start-process', '-p_id', 'a', '--run_type', 'other'], 'Allowed choices are schedule, trigger'],
    [['start-process', '-p_id', 'a', '--clear_db'], 'is kept as history'],
    [['build-process-by-json', '-f', 'x.json', '--clear_db'], 'is kept as history'],
    [['stop-process'], 'which run?'],
    [['stop-process', '-ps_id', '#1', '--url', 'http://127.0.0.1:1'], 'name the run by its id'],
    [['logs', '2', '--url', 'http://127.0.0.1:1'], 'name the run by its id'],
    [['restart-process', 'a', '--process-version', 'old'], 'Allowed choices are same, latest'],
    [['build-process-by-yaml', '-f', '/no/such/file'], 'there is no file /no/such/file'],
    [['get', 'schedules'], 'There are processes, instances, tasks, approvals'],
    [['get', 'processes', '--output', 'xml'], 'Allowed choices are table, json, yaml'],
    [['get', 'processes', '--url', 'localhost'], 'is not the address of a server'],
    [['login', '-u', 'admin'], 'give it with -p'],
    [['run', 'telescope'], 'Allowed choices are api-gateway, executor, scheduler, worker'],
    [['runserver', '-p', '99999'], 'A port is a whole number'],
    [[], 'Usage: orderlines'],
  ])('%j is refused with exit code 2', async (argv, message) => {
    const { code, output, notices } = await run(argv);
    expect(output + notices).toContain(message);
    expect(code).toBe(2);
  });
});

describe('answers of a server', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  const at = (): Record<string, string> => ({
    ORDERLINES_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ORDERLINES_TOKEN: 'token',
  });
  const answers = (status: number, body: unknown) => {
    answer = (_request, response) =>
      void response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
  };

  it.each([
    [400, 2, ''],
    [401, 3, 'orderlines login'],
    [403, 3, 'ask an administrator'],
    [404, 2, ''],
    [409, 2, 'allowed now: stop, pause'],
    [413, 2, ''],
    [422, 2, 'error: no such key (definition.unknown-key at flow[0].uses)'],
    [429, 3, 'try again'],
    [500, 3, 'try again'],
  ])('with status %i are exit code %i, with what to do', async (status, exitCode, advice) => {
    answers(status, {
      title: 'No',
      detail: 'it is not possible',
      ...(status === 409 ? { allowed: ['stop', 'pause'] } : {}),
      ...(status === 422
        ? { errors: [{ code: 'definition.unknown-key', path: 'flow[0].uses', message: 'no such key', severity: 'error' }] }
        : {}),
    });
    const { code, notices } = await run(['get', 'processes'], at());
    expect(code).toBe(exitCode);
    expect(notices).toContain('it is not possible');
    expect(notices).toContain(advice);
  });

  it('in another form than agreed are exit code 3', async () => {
    answers(200, { items: 'none' });
    const { code, notices } = await run(['get', 'processes'], at());
    expect(code).toBe(3);
    expect(notices).toContain('items');
  });

  it('that do not come at all are exit code 3', async () => {
    const { code, notices } = await run(['get', 'processes'], { ORDERLINES_URL: 'http://127.0.0.1:1' });
    expect(code).toBe(3);
    expect(notices).toContain('cannot reach http://127.0.0.1:1');
    expect(notices).toContain('npm start');
  });

  it('with log lines come as one YAML list, however many pages they are', async () => {
    const line = (text: string) => ({
      ...{ taskInstanceId: randomUUID(), nodeId: 'a', attempt: 1, at: new Date(0).toISOString(), level: 'info' },
      text,
    });
    const pages = [
      { items: [line('one'), line('two: 2')], nextCursor: 'more' },
      { items: [line('three')], nextCursor: null },
    ];
    answer = (_request, response) => void response.end(JSON.stringify(pages.shift()));
    const { output } = await run(['logs', randomUUID(), '-o', 'yaml'], at());
    expect((parse(output) as { text: string }[]).map(({ text }) => text)).toEqual(['one', 'two: 2', 'three']);
  });

  it('carry the token, and a start carries a key that makes its repeat harmless', async () => {
    const seen: IncomingMessage[] = [];
    answer = (request, response) => {
      seen.push(request);
      if (seen.length === 1) response.writeHead(503).end();
      else response.writeHead(422).end('{}');
    };
    await run(['start-process', '-p_id', 'a'], at());
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer token', 'Bearer token']);
    expect(seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(seen[1]?.headers['idempotency-key']).toBe(seen[0]?.headers['idempotency-key']);
  });
});

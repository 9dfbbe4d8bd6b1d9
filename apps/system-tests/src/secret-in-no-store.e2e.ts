import { credentials, Metadata } from '@grpc/grpc-js';
import { createPool } from '@orderlines/persistence';
import { callUnary, instanceRpc } from '@orderlines/rpc';
import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './harness/eventually.js';
import type { Platform } from './harness/platform.js';
import { build, buildText, endOf, start, type Run } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';
import { Told } from './harness/told.js';

const SECRET = 'qu1et-elephant-under-the-table';
/** The secret as it may have been written, without what depends on its surroundings. */
const FORMS = [
  SECRET,
  Buffer.from(SECRET).toString('base64').slice(0, 36),
  Buffer.from(SECRET).toString('base64url').slice(0, 36),
  Buffer.from(SECRET).toString('hex'),
  encodeURIComponent(SECRET),
];

/** Puts the secret through every standard task type and node: arguments, logs, results, errors, variables, outputs, what people are asked, notifications. */
const DEFINITION = `apiVersion: orderlines/v1
kind: Process
name: everywhere
variables: [{ name: kept, type: any }]
outputs: { kept: "\${{ vars.kept }}", joined: "\${{ 'x' + secrets.elephant }}" }
callbacks:
  - { states: [SUCCESS, FAILURE], uses: log, with: { message: "told: \${{ secrets.elephant }}" } }
  - { states: [SUCCESS, FAILURE], uses: http.request, with: { url: "http://127.0.0.1:9/\${{ secrets.elephant }}", method: POST, json: { s: "\${{ secrets.elephant }}" } } }
  - { states: [SUCCESS, FAILURE], uses: email.send, with: { to: [a@b.local], subject: "\${{ secrets.elephant }}", text: "\${{ secrets.elephant }}" } }
flow:
  - id: shell
    uses: shell
    with:
      command: echo "$S"; echo "$S" >&2; echo "$S" | base64; printf '%s' "$S" | od -An -tx1 | tr -d ' \\n'; printf '{"s":"%s"}' "$S" > "$ORDERLINES_RESULT"
      env: { S: "\${{ secrets.elephant }}" }
    set: { kept: "\${{ result.s }}" }
  - { id: again, uses: shell, with: { command: 'echo "$S"; exit 7', env: { S: "\${{ vars.kept }}" } }, onError: ignore, retry: { limit: 1, delay: 10ms } }
  - id: javascript
    uses: javascript
    with: { code: "console.log(args.s); return { s: args.s, list: [args.s] }", args: { s: "\${{ secrets.elephant }}" } }
    onError: ignore
  - id: script
    uses: script
    with: { language: python3, code: "import os; print(os.environ['S']); raise SystemExit(os.environ['S'])", env: { S: "\${{ secrets.elephant }}" } }
    onError: ignore
  - { id: http, uses: http.request, with: { url: "http://127.0.0.1:9/?t=\${{ secrets.elephant }}", headers: { authorization: "Bearer \${{ secrets.elephant }}" } }, onError: ignore }
  - { id: mail, uses: email.send, with: { to: [a@b.local], subject: "\${{ secrets.elephant }}", text: "\${{ secrets.elephant }}" }, onError: ignore }
  - { id: file, uses: file.write, with: { path: out.txt, content: "\${{ secrets.elephant }}" }, onError: ignore }
  - { id: log, uses: log, with: { message: "logged: \${{ secrets.elephant }}" } }
  - { id: sleep, uses: sleep, with: { for: "\${{ secrets.elephant }}" }, onError: ignore }
  - { id: math, uses: math, with: { operation: add, a: "\${{ secrets.elephant }}", b: 1 }, onError: ignore }
  - { id: fail, uses: fail, with: { message: "failed: \${{ secrets.elephant }}" }, onError: ignore }
  - { id: keep, type: assign, set: { kept: "\${{ { 'list': [tasks.shell.result.s], 'joined': 'x' + tasks.shell.result.s } }}" } }
  - { id: ask, type: approval, users: [admin], message: "May \${{ tasks.shell.result.s }} go?", deadline: 1s, onDeadline: hear }
  - { id: hear, type: wait, signal: elephants, key: "\${{ tasks.shell.result.s }}", timeout: 1s, onError: ignore }
  - { id: child, type: process, process: inner, inputs: { told: "\${{ tasks.shell.result.s }}" }, onError: ignore }
  - id: each
    type: foreach
    items: "\${{ [tasks.shell.result.s, 'x' + tasks.shell.result.s] }}"
    flow: [{ id: say, uses: log, with: { message: "item \${{ item }}" } }]
`;
const CHILD = `apiVersion: orderlines/v1
kind: Process
name: inner
params: [{ name: told, type: string }]
outputs: { again: "\${{ params.told }}" }
flow: [{ id: say, uses: log, with: { message: "child \${{ params.told }}" } }]
`;
/** Fails with the secret in its error: somebody is told by the system parameters, as nothing is said here. */
const FAILING = `apiVersion: orderlines/v1
kind: Process
name: failing
flow: [{ id: no, uses: fail, with: { message: "lost \${{ secrets.elephant }}" } }]
`;

describe('a secret that went through everything', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  let told: Told;
  beforeAll(async () => {
    told = await Told.listen();
    system = await startWholeSystem({
      keptLines: 1_000_000,
      workerEnvironment: { ORDERLINES_HTTP_ALLOW: '127.0.0.1', ORDERLINES_SMTP_URL: told.smtpUrl, ORDERLINES_SMTP_STARTTLS: 'never' },
    });
    folder = await temporaryFolder('everywhere');
  });
  afterAll(async () => {
    await system?.close();
    told?.close();
    await folder?.remove();
  });

  it('stands in no column of the database, no stream, no file or log of a service, no answer, event, export or notice', async () => {
    const { platform } = system;
    await platform.json(['secret', 'set', 'elephant', '--value', SECRET]);
    await platform.json(['parameter', 'set', 'callback_module', 'HTTP']);
    await platform.json(['parameter', 'set', 'notice_to', `${told.httpUrl}/notices`]);
    for (const text of [CHILD, FAILING]) await buildText(platform, text);
    const file = join(folder.path, 'definition.yaml');
    await writeFile(file, DEFINITION);
    const { id } = await build(platform, file);
    const run = await platform.json<Run & { id: string }>(['start-process', '-p_id', id, '--wait']);
    expect(run.status).toBe('SUCCESS');
    // What was masked is there: the tasks had the secret and said it.
    expect((await platform.orderlines(['logs', run.id])).stdout).toContain('logged: ***');
    const failed = await eventually(
      'somebody is told of a failure',
      async () => {
        const failing = await endOf(platform, await start(platform, 'default/failing'));
        return told.requests.some((request) => request.includes(failing.id)) && failing;
      },
      { limitMs: 60_000 },
    );
    const said = [...told.requests.filter((request) => request.includes('/notices')), ...(await everyAnswerOn(system, id, [run, failed]))];
    said.push(platform.outputs, JSON.stringify([run, failed]));
    const stored = await everyTextOf(system.databaseUrl);
    for (const form of FORMS) {
      expect([...said, ...stored].filter((text) => text.includes(form))).toEqual([]);
      for (const place of [system.nats.folder, platform.folder]) expect(await filesHolding(form, place)).toBe('');
    }
    // The author's own callbacks did send it: what was looked for is what there was.
    expect(told.mails.join('\n')).toContain(SECRET);
  });
});

/** What people and scripts can read of runs and of their process, by every door. */
const everyAnswerOn = async ({ platform }: WholeSystem, processId: string, runs: readonly Run[]): Promise<string[]> => {
  const paths = runs.flatMap(({ id, tasks }) => [
    ...['', '/logs', '/explanation', '/events', '/logs/stream'].map((part) => `instances/${id}${part}`),
    ...tasks.flatMap((task) => [`instances/${id}/tasks/${task.id}/result`, `instances/${id}/tasks/${task.id}/input`]),
  ]);
  paths.push(
    `processes/${processId}`,
    `processes/${processId}/versions`,
    'secrets',
    'secrets/elephant/usage',
    'approvals',
    'alarms',
    'tasks',
    'overview',
  );
  for (const trail of ['audit', 'api-log']) paths.push(trail, `${trail}/export?format=csv`, `${trail}/export?format=ndjson`);
  const answers = await Promise.all(paths.map(async (path) => (await platform.fetch(path)).text()));
  const commands = runs.flatMap(({ id }) => [
    ['get', 'instance', id],
    ['get', 'instance', id, '-o', 'yaml'],
    ['get', 'instances', '-o', 'json'],
    ['explain', id],
    ['logs', id, '-o', 'json'],
  ]);
  for (const argv of [...commands, ['export', processId], ['audit', 'list']]) {
    const { stdout, stderr } = await platform.orderlines(argv);
    answers.push(stdout, stderr);
  }
  return [...answers, ...(await byGrpc(platform, runs))];
};

const byGrpc = async (platform: Platform, runs: readonly Run[]): Promise<string[]> => {
  const client = new instanceRpc.InstanceServiceClient(platform.grpcAddress, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${platform.token}`);
  const texts: string[] = [];
  for (const { id } of runs) {
    texts.push(JSON.stringify(await callUnary(client, client.getInstance, { id }, { deadlineMs: 10_000, metadata })));
    texts.push(JSON.stringify(await callUnary(client, client.explainInstance, { id }, { deadlineMs: 10_000, metadata })));
    for await (const message of client.watchInstance({ id, afterSeq: 0 }, metadata)) texts.push(JSON.stringify(message));
  }
  client.close();
  return texts;
};

/** Every row of every table as text; bytes both as digits and as the text that they may be. */
const everyTextOf = async (databaseUrl: string): Promise<string[]> => {
  const pool = createPool(databaseUrl, { name: 'test' });
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const { rows: binary } = await pool.query<{ name: string; column: string }>(
    `select format('%I.%I', table_schema, table_name) as name, quote_ident(column_name) as column from information_schema.columns
      where data_type = 'bytea' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    texts.push(...(await pool.query<{ row: string }>(`select t::text as row from ${name} t`)).rows.map(({ row }) => row));
  }
  for (const { name, column } of binary) {
    const { rows } = await pool.query<{ bytes: Buffer | null }>(`select ${column} as bytes from ${name}`);
    texts.push(...rows.map(({ bytes }) => bytes?.toString('latin1') ?? ''));
  }
  await pool.end();
  return texts;
};

/** Names of files below a folder that hold a text, one a line. */
const filesHolding = async (text: string, folder: string): Promise<string> => {
  try {
    return (await promisify(execFile)('grep', ['-rlaF', text, folder])).stdout;
  } catch (error) {
    // grep ends with 1 when it has found nothing.
    if ((error as { readonly code?: number }).code === 1) return '';
    throw error;
  }
};

import { createPool } from '@orderlines/persistence';
import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Run } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const SECRET = 'qu1et-elephant-under-the-table';
/** The secret as it may have been written, without what depends on its surroundings. */
const FORMS = [
  SECRET,
  Buffer.from(SECRET).toString('base64').slice(0, 36),
  Buffer.from(SECRET).toString('base64url').slice(0, 36),
  Buffer.from(SECRET).toString('hex'),
  encodeURIComponent(SECRET),
];

/** Puts the secret through every standard task type: arguments, logs, results, errors, variables, outputs, approvals' texts, notifications. */
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
`;

describe('a secret that went through everything', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('everywhere');
  });
  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  it('stands in no column of the database, no stream, no log of a service, no answer and no export', async () => {
    const { platform } = system;
    await platform.json(['secret', 'set', 'elephant', '--value', SECRET]);
    const file = join(folder.path, 'definition.yaml');
    await writeFile(file, DEFINITION);
    const { id } = await build(platform, file);
    const run = await platform.json<Run & { id: string }>(['start-process', '-p_id', id, '--wait']);
    expect(run.status).toBe('SUCCESS');
    // What was masked is there: the tasks had the secret and said it.
    expect((await platform.orderlines(['logs', run.id])).stdout).toContain('logged: ***');
    const answers = await Promise.all(
      [`instances/${run.id}`, `instances/${run.id}/logs`, 'secrets', 'audit/export?format=ndjson', 'api-log/export', `processes/${id}`].map(
        async (path) => (await platform.fetch(path)).text(),
      ),
    );
    const stored = await everyTextOf(system.databaseUrl);
    const said = [...answers, platform.outputs, JSON.stringify(run)];
    for (const form of FORMS) {
      expect([...said, ...stored].filter((text) => text.includes(form))).toEqual([]);
      expect(await filesHolding(form, system.nats.folder)).toBe('');
    }
  });
});

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

import { createPool } from '@orderlines/persistence';
import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, buildText, type Run } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const SECRET = 'corr3ct horse/battery+staple&';

/** Uses a secret in every way: alone, joined, computed with, returned, kept in a variable, encoded, in an error. */
const DEFINITION = `apiVersion: orderlines/v1
kind: Process
name: keeps-secrets
variables: [{ name: session, type: string, value: "" }]
outputs: { session: "\${{ vars.session }}", header: "\${{ tasks.login.result.header }}" }
flow:
  - id: login
    uses: shell
    with:
      command: |
        printf '%s' "$AUTH" > "$OUT.auth"; printf '%s' "$BASIC" > "$OUT.basic"
        echo "logging in with $PASSWORD"; printf '%s' "$PASSWORD" | base64
        printf '{"header":"Bearer %s","plain":"kept"}' "$PASSWORD" > "$ORDERLINES_RESULT"
      env:
        PASSWORD: "\${{ secrets.db_password }}"
        AUTH: "Bearer \${{ secrets.db_password }}!"
        BASIC: "Basic \${{ base64Encode('user:' + secrets.db_password) }}"
        OUT: "\${{ params.out }}"
    set: { session: "\${{ result.header }}" }
  - id: next
    uses: shell
    with:
      command: printf '%s' "$HEADER" > "$OUT.header"; printf '%s' "$PLAIN" > "$OUT.plain"; echo "$HEADER" >&2; exit 3
      env: { HEADER: "\${{ vars.session }}", PLAIN: "\${{ tasks.login.result.plain }}", OUT: "\${{ params.out }}" }
    onError: ignore
  - id: large
    uses: shell
    with:
      command: |
        { printf '{"big":"'; head -c 400000 /dev/zero | tr '\\0' x; printf ' %s"}' "$PASSWORD"; } > "$ORDERLINES_RESULT"
      env: { PASSWORD: "\${{ secrets.db_password }}" }
params: [{ name: out, type: string }]
`;

describe('a secret', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('secrets');
  });
  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  it('reaches the tasks that name it, and is seen nowhere else', async () => {
    const { platform } = system;
    await platform.json(['secret', 'set', 'db_password', '--value', SECRET]);
    const listed = await platform.orderlines(['secret', 'list']);
    expect(listed.stdout).toContain('db_password');
    const file = join(folder.path, 'definition.yaml');
    await writeFile(file, DEFINITION);
    const { id } = await build(platform, file);
    const out = join(folder.path, 'out');
    const run = await platform.json<Run & { id: string }>(['start-process', '-p_id', id, '--param', `out=${out}`, '--wait']);
    expect(run.status).toBe('SUCCESS');
    const written = async (name: string) => readFile(`${out}.${name}`, 'utf8');
    expect(await written('auth')).toBe(`Bearer ${SECRET}!`);
    expect(await written('basic')).toBe(`Basic ${Buffer.from(`user:${SECRET}`).toString('base64')}`);
    // The next task gets what the first one made of the secret, though people see a mask.
    expect(await written('header')).toBe(`Bearer ${SECRET}`);
    expect(await written('plain')).toBe('kept');
    const login = run.tasks.find(({ nodeId }) => nodeId === 'login');
    expect(login?.result).toMatchObject({ header: 'Bearer ***', plain: 'kept' });
    expect(run).toMatchObject({ variables: { session: 'Bearer ***' }, outputs: { session: 'Bearer ***', header: 'Bearer ***' } });
    const large = run.tasks.find(({ nodeId }) => nodeId === 'large');
    expect(large?.result).toMatchObject({ big: { $ref: expect.any(String), bytes: expect.any(Number) } });
    const whole = await (await platform.fetch(`instances/${run.id}/tasks/${large?.id}/result`)).text();
    expect(whole.length).toBeGreaterThan(400_000);
    expect(whole).toContain('x ***"');
    const logs = await platform.orderlines(['logs', run.id]);
    expect(logs.stdout).toContain('logging in with ***');
    await expectNowhere(system, run, logs.stdout, listed.stdout, whole, platform.outputs);
  });

  it('is not told by an expression that fails over it', async () => {
    const { platform } = system;
    await platform.json(['secret', 'set', 'db_password', '--value', SECRET]);
    const sources = [
      'int(secrets.db_password)',
      'fromJson(secrets.db_password).user',
      'date(secrets.db_password)',
      "{'a': 'b'}[secrets.db_password]",
    ];
    const nodes = sources.map(
      (source, index) => `{ id: n${index}, uses: log, onError: ignore, with: { message: "\${{ string(${source}) }}" } }`,
    );
    const { id } = await buildText(platform, `apiVersion: orderlines/v1\nkind: Process\nname: breaks-secrets\nflow: [${nodes.join(', ')}]`);
    const run = await platform.json<Run>(['start-process', '-p_id', id, '--wait']);
    expect(run.tasks.map(({ status, reason }) => ({ status, reason }))).toEqual(
      sources.map(() => ({ status: 'SKIP', reason: 'expression' })),
    );
    for (const [index, source] of sources.entries()) expect(run.tasks[index]?.error?.message).toContain(`string(${source}) }} failed`);
    await expectNowhere(system, run);
  });

  it('that is not there fails its task and says what to do', async () => {
    const file = join(folder.path, 'missing.yaml');
    await writeFile(file, DEFINITION.replaceAll('db_password', 'not_there').replace('keeps-secrets', 'lacks-secrets'));
    const built = await build(system.platform, file);
    const { code, stdout } = await system.platform.orderlines([
      'start-process',
      '-p_id',
      built.id,
      '--param',
      'out=/nowhere',
      '--wait',
      '-o',
      'json',
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain('orderlines secret set not_there');
  });
});

/** Every file below a folder, its bytes as text. */
const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map((file) => readFile(file, 'latin1')));
};

/** Neither the secret nor an encoding of it stands in what people see, in any row of the database, or in what NATS and the services wrote. */
const expectNowhere = async ({ databaseUrl, nats, platform }: WholeSystem, ...shown: readonly unknown[]): Promise<void> => {
  const forms = [
    SECRET,
    encodeURIComponent(SECRET),
    Buffer.from(SECRET).toString('base64').slice(0, -4),
    Buffer.from(SECRET).toString('hex'),
  ];
  const pool = createPool(databaseUrl, { name: 'test' });
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('runtime', 'system', 'definition', 'access')`,
  );
  const stored = await Promise.all(
    tables.map(async ({ name }) => (await pool.query<{ row: string }>(`select t::text as row from ${name} t`)).rows),
  );
  await pool.end();
  const texts = [
    ...shown.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
    ...stored.flat().map(({ row }) => row),
  ];
  const written = await Promise.all([nats.folder, platform.folder].map(filesIn));
  expect(written[0]?.length).toBeGreaterThan(0);
  texts.push(...written.flat());
  for (const form of forms) expect(texts.filter((text) => text.includes(form))).toEqual([]);
  // Bytes are written as hexadecimal digits.
  expect(texts.filter((text) => text.includes(Buffer.from(SECRET).toString('hex')))).toEqual([]);
};

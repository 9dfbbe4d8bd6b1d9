import { inRequest } from '@orderlines/service-host';
import fc from 'fast-check';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { createPool } from '../pool.js';
import { startDataSource } from '../testing/migrated-data-source.js';
import { linkAuditRecords, type ChainSigner } from './audit-link.js';
import { audit, type AuditEntry } from './audit-record.js';
import { verifyAudit, type ChainVerifier } from './audit-verification.js';

const KEY = 'k1';
/** Signs with something that the database does not hold. */
const signer: ChainSigner & ChainVerifier = {
  sign: (text) => ({ keyId: KEY, signature: Buffer.from(`signed ${text}`) }),
  verify: (keyId, text, signature) => (keyId === KEY ? signature.toString() === `signed ${text}` : null),
};
const entry = (name: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  action: 'update',
  subject: { kind: 'Thing', id: name, name, namespace: 'shop' },
  before: { size: 1 },
  after: { size: 2, labels: { b: 1, a: [true, null, 1.5] } },
  ...more,
});

describe('the audit trail', () => {
  let database: Awaited<ReturnType<typeof startDataSource>>;
  let source: DataSource;
  let pool: Pool;

  beforeAll(async () => {
    database = await startDataSource();
    source = database.source;
    pool = createPool(database.url, { name: 'test' });
  });
  afterAll(async () => {
    await pool.end();
    await database.close();
  });

  const linkAll = async (): Promise<void> => {
    while ((await linkAuditRecords(pool, signer)) > 0);
  };
  const verify = () => verifyAudit(pool, signer);

  it('keeps who did what from where for which request, and is intact', async () => {
    const request = { requestId: 'r1', door: 'http', address: '10.0.0.7', actor: 'ada', recorded: 0 } as const;
    await inRequest({ ...request }, () => audit.record(source.manager, entry('first')));
    const [row] = (await pool.query('select * from system.audit_record')).rows;
    expect(row).toMatchObject({ actor: 'ada', door: 'http', address: '10.0.0.7', request_id: 'r1', action: 'update', outcome: 'done' });
    await linkAll();
    await expect(verify()).resolves.toMatchObject({ intact: true, records: 1, pending: 0, signature: 'good', problems: [] });
  });

  it('goes with its change: what is rolled back leaves no record', async () => {
    await expect(
      source.transaction(async (transaction) => {
        await audit.record(transaction, entry('rolled back'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    const { rowCount } = await pool.query(`select from system.audit_record where subject_name = 'rolled back'`);
    expect(rowCount).toBe(0);
  });

  it('leaves out what looks like a secret', async () => {
    await audit.record(
      source.manager,
      entry('secrets', { after: { password: 'a', nested: [{ apiKey: 'b', tokenHash: Buffer.from('c') }], user: 'd' } }),
    );
    const { rows } = await pool.query(`select after from system.audit_record where subject_name = 'secrets'`);
    expect(rows[0].after).toEqual({ password: '***', nested: [{ apiKey: '***', tokenHash: '***' }], user: 'd' });
  });

  it.each([
    'update system.audit_record set actor = $$x$$',
    'delete from system.audit_record',
    'truncate system.audit_link',
    'delete from system.audit_link',
  ])('refuses to be changed: %s', async (statement) => {
    await expect(pool.query(statement)).rejects.toThrow('the audit trail is only added to');
  });

  it('is one chain when many write and several link at once', async () => {
    await linkAll();
    const before = (await verify()).records;
    const writes = Array.from({ length: 60 }, (_, number) => audit.record(pool, entry(`at once ${number}`)));
    const links = Array.from({ length: 8 }, () => linkAuditRecords(pool, signer));
    await Promise.all([...writes, ...links]);
    await linkAll();
    await expect(verify()).resolves.toMatchObject({ intact: true, records: before + 60, pending: 0 });
  });

  it('is cut unseen by nobody who noted where it ended', async () => {
    await linkAll();
    const [seq = '', hash = ''] = (await verify()).head.split(':');
    const noted = { seq: Number(seq), hash: Buffer.from(hash, 'hex') };
    expect((await verifyAudit(pool, signer, noted)).intact).toBe(true);
    const other = await verifyAudit(pool, signer, { ...noted, seq: noted.seq + 1 });
    expect(other.problems.map(({ code }) => code)).toEqual(['head.differs']);
  });

  describe('after any change by somebody with all rights on the database', () => {
    /** Columns of a record, each with another value than it has. */
    const CHANGED: Readonly<Record<string, string>> = {
      at: `at + interval '1 ms'`,
      actor: `actor || 'x'`,
      door: `door || 'x'`,
      address: `address || 'x'`,
      request_id: `request_id || 'x'`,
      action: `action || 'x'`,
      subject_kind: `subject_kind || 'x'`,
      subject_id: `subject_id || 'x'`,
      subject_name: `subject_name || 'x'`,
      namespace: `namespace || 'x'`,
      outcome: `case outcome when 'done' then 'refused' else 'done' end`,
      reason_code: `reason_code || 'x'`,
      reason: `reason || 'x'`,
      before: `coalesce(before, '{}') || '{"x": 1}'`,
      after: `coalesce(after, '{}') || '{"x": 1}'`,
      digest: `sha256(digest)`,
    };
    const mutation = (seq: number) =>
      fc.oneof(
        fc.constantFrom(...Object.keys(CHANGED)).map((column) => ({
          what: `changed ${column}`,
          sql: `update system.audit_record set ${column} = ${CHANGED[column]} where id = (select record_id from system.audit_link where seq = ${seq})`,
          names: 'record' as const,
        })),
        fc.constant({
          what: 'removed record',
          sql: `delete from system.audit_record where id = (select record_id from system.audit_link where seq = ${seq})`,
          names: 'record' as const,
        }),
        fc.constant({
          what: 'changed link',
          sql: `update system.audit_link set hash = sha256(hash) where seq = ${seq}`,
          names: 'number' as const,
        }),
        fc.constant({ what: 'removed link', sql: `delete from system.audit_link where seq = ${seq}`, names: 'number' as const }),
        fc.constant({
          what: 'removed link and record',
          sql: `with l as (delete from system.audit_link where seq = ${seq} returning record_id)
            delete from system.audit_record where id in (select record_id from l)`,
          names: 'number' as const,
        }),
        fc.constant({
          what: 'inserted record',
          sql: `insert into system.audit_record select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'actor', 'x'))).*
            from system.audit_record r limit 1`,
          names: 'something' as const,
        }),
        fc.constant({
          what: 'swapped records',
          sql: `update system.audit_link l set record_id = (select record_id from system.audit_link o where o.seq = ${seq} % 5 + 1)
            where l.seq = ${seq}`,
          names: 'number' as const,
        }),
        fc.constant({
          what: 'another end',
          sql: `update system.audit_head set hash = sha256(hash)`,
          names: 'something' as const,
        }),
        fc.constant({
          what: 'forged signature',
          sql: `update system.audit_head set signature = sha256(signature)`,
          names: 'something' as const,
        }),
      );

    it('verification finds it, and says which record or number it was', async () => {
      await linkAll();
      const { records } = await verify();
      const client = await pool.connect();
      // Verification reads on the connection that has the change, which is never committed.
      const seen = {
        connect: () => Promise.resolve(Object.assign(Object.create(client) as typeof client, { release: () => undefined, query: inside })),
      };
      function inside(text: string, values?: unknown[]): unknown {
        return /^(begin|rollback)/.test(text) ? Promise.resolve() : client.query(text, values);
      }
      await fc
        .assert(
          fc.asyncProperty(
            fc.integer({ min: 1, max: records }).chain((seq) => mutation(seq).map((change) => ({ seq, ...change }))),
            async ({ seq, sql, names }) => {
              await client.query('begin');
              try {
                const { rows } = await client.query<{ id: string }>('select record_id as id from system.audit_link where seq = $1', [seq]);
                await client.query('set local session_replication_role = replica');
                await client.query('alter table system.audit_link drop constraint audit_link_record_id_key');
                await client.query(sql);
                const { intact, problems } = await verifyAudit(seen as unknown as Pool, signer);
                expect(intact).toBe(false);
                if (names === 'record') expect(problems).toContainEqual(expect.objectContaining({ recordId: rows[0]?.id, seq }));
                if (names === 'number') expect(problems.some((problem) => problem.seq === seq)).toBe(true);
              } finally {
                await client.query('rollback');
              }
            },
          ),
          { numRuns: 120 },
        )
        .finally(() => client.release());
    });
  });
});

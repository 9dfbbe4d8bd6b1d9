import { Platform } from './testing/platform.js';

interface AuditedRow {
  readonly actor: string;
  readonly action: string;
  readonly subject_kind: string;
  readonly after: Readonly<Record<string, unknown>>;
}

describe('the audit trail of runs', () => {
  let platform: Platform;
  const auditOf = async (): Promise<AuditedRow[]> =>
    (await platform.pool.query<AuditedRow>('select actor, action, subject_kind, after from system.audit_record order by id')).rows;

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
  }, 60_000);
  afterAll(() => platform.close(), 30_000);

  it('says who started and who stopped a run, by the transaction that did it, once however often it is asked; what is refused it leaves to the doors', async () => {
    const version = await platform.publish('name: audited\nflow: [{ id: a, type: delay, for: 1h }]\n');
    const { instanceId, number } = await platform.start(version, {}, { idempotencyKey: 'start' });
    await platform.start(version, {}, { idempotencyKey: 'start' });
    await platform.operate(instanceId, { name: 'stop', force: true }, 'stop');
    await platform.operate(instanceId, { name: 'pause' }, 'refused');
    expect(await auditOf()).toMatchObject([
      { actor: 'tester', action: 'start', subject_kind: 'Process', after: { instance: instanceId, number, version: 1 } },
      { actor: 'tester', action: 'stop', subject_kind: 'Instance', after: { name: 'stop', force: true } },
    ]);
  });
});

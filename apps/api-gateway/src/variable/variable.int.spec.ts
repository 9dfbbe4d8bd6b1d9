import { randomBytes } from 'node:crypto';
import { KeyRotation, SecretView, UsageView, VariableView } from '@orderlines/contracts';
import { boundToName, boundToUser, saveSecret } from '@orderlines/persistence';
import { KeyRing } from '@orderlines/secrets';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

const [NEW_KEY, OLD_KEY] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const definition = (name: string, value: string) =>
  `apiVersion: orderlines/v1\nkind: Process\nname: ${name}\nflow: [{ id: a, uses: log, with: { message: "${value}" } }]\n`;

describe('variables and secrets of namespaces', () => {
  let harness: GatewayHarness;

  beforeAll(async () => {
    harness = await startGatewayHarness({ secretKey: `${NEW_KEY},${OLD_KEY}` });
  }, 60_000);
  afterAll(() => harness.close());

  const put = (path: string, body: unknown) => harness.ask('PUT', path, body);
  const build = (name: string, value: string) => harness.ask('POST', 'processes', { content: definition(name, value) });
  const usage = async (path: string) => UsageView.array().parse(await (await harness.ask('GET', path)).json());

  it('a variable has a type that its value must have, and is listed, changed and removed', async () => {
    const made = VariableView.parse(await (await put('variables/region?namespace=default', { type: 'string', value: 'eu' })).json());
    expect(made).toMatchObject({ namespace: 'default', name: 'region', type: 'string', value: 'eu', updatedBy: 'admin' });
    for (const [type, value] of [
      ['number', '3'],
      ['boolean', 1],
      ['list', {}],
      ['string', null],
    ]) {
      expect((await put('variables/region', { type, value })).status).toBe(422);
    }
    expect((await put('variables/hosts', { type: 'list', value: ['a', 'b'] })).status).toBe(200);
    const all = VariableView.array().parse(await (await harness.ask('GET', 'variables')).json());
    expect(all.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(['/hosts', 'default/region']);
    expect((await harness.ask('DELETE', 'variables/hosts')).status).toBe(204);
    expect((await harness.ask('DELETE', 'variables/hosts')).status).toBe(404);
  });

  it('its usage list names the versions whose expressions read it, and no others', async () => {
    await build('reads', 'in ${{ config.region }}');
    await build('says', 'the word config.region alone');
    expect(await usage('variables/region/usage?namespace=default')).toMatchObject([{ process: 'reads', version: 1, latest: true }]);
    await put('secrets/region', { value: 'eu-secret' });
    await build('hides', '${{ secrets.region }}');
    expect(await usage('secrets/region/usage')).toMatchObject([{ process: 'hides' }]);
  });

  it('a secret may lie elsewhere, and is either here or there', async () => {
    const made = SecretView.parse(await (await put('secrets/mounted', { reference: 'file:/run/secrets/token' })).json());
    expect(made.reference).toBe('file:/run/secrets/token');
    for (const body of [{}, { value: 'abcd', reference: 'env:A' }, { reference: 'file:/run/../etc/passwd' }, { reference: 'http://x' }]) {
      expect((await put('secrets/mounted', body)).status).toBe(422);
    }
  });

  it('keys are rotated while secrets are read: all are sealed with the newest one in the end, and say the same', async () => {
    const [old, both] = [KeyRing.of(OLD_KEY), KeyRing.of(`${NEW_KEY},${OLD_KEY}`)];
    for (let number = 0; number < 130; number++) {
      const key = { namespace: 'rotated', name: `s${number}` };
      await saveSecret(harness.pool, { ...key, ...old.seal(`value ${number}`, boundToName(key)), description: '', updatedBy: 'test' });
    }
    const rounds: KeyRotation[] = [];
    do rounds.push(KeyRotation.parse(await (await harness.ask('POST', 'secrets/rotation', {})).json()));
    while (rounds.at(-1)?.remaining !== 0);
    expect(rounds.map(({ resealed }) => resealed)).toEqual([100, 30]);
    const { rows } = await harness.pool.query<{ namespace: string; name: string; key_id: string; box: Buffer }>(
      `select * from system.secret where namespace = 'rotated'`,
    );
    const { rows: told } = await harness.pool.query<{ before: unknown; after: unknown }>(
      `select before, after from system.audit_record where action = 'rotate-key' and subject_kind = 'Secret' order by id`,
    );
    const before = { keyIds: [old.sealingKeyId] };
    expect(told).toEqual([100, 30].map((secrets) => ({ before, after: { keyId: both.sealingKeyId, secrets } })));
    const onlyNew = KeyRing.of(NEW_KEY);
    const values = rows.map((row) => [onlyNew.open(row.key_id, row.box, boundToName(row)), `value ${row.name.slice(1)}`]);
    expect(values.every(([read, expected]) => read === expected)).toBe(true);
    expect([rows.length, both.sealingKeyId]).toEqual([130, rows[0]?.key_id]);
  });

  it('a second factor is sealed again, too, and opens with the new key alone', async () => {
    const { rows: people } = await harness.pool.query<{ id: string }>(`select id from access.user_account where user_name = 'admin'`);
    const userId = people[0]?.id ?? '';
    const { keyId, box } = KeyRing.of(OLD_KEY).seal('JBSWY3DPEHPK3PXP', boundToUser(userId));
    await harness.pool.query('insert into access.second_factor (user_id, key_id, box) values ($1, $2, $3)', [userId, keyId, box]);
    const rotation = KeyRotation.parse(await (await harness.ask('POST', 'secrets/rotation', {})).json());
    expect(rotation).toMatchObject({ resealed: 1, remaining: 0 });
    const { rows } = await harness.pool.query<{ key_id: string; box: Buffer }>('select key_id, box from access.second_factor');
    const [factor] = rows;
    expect(factor && KeyRing.of(NEW_KEY).open(factor.key_id, factor.box, boundToUser(userId))).toBe('JBSWY3DPEHPK3PXP');
  });
});

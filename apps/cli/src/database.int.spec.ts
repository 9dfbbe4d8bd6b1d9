import { startPostgres, type TestPostgres } from '@orderlines/testing';
import { runForTest } from './testing/run-for-test.js';

describe('commands that work on the database', () => {
  let postgres: TestPostgres;
  let environment: { ORDERLINES_DATABASE_URL: string };
  const password = 'correct horse battery';

  beforeAll(async () => {
    postgres = await startPostgres();
    environment = { ORDERLINES_DATABASE_URL: await postgres.createDatabase() };
  });
  afterAll(() => postgres?.close());

  it('migrate brings an empty database up to this version, once', async () => {
    const first = await runForTest(['migrate', '-o', 'json'], environment);
    expect(first).toMatchObject({ code: 0, notices: '' });
    expect((JSON.parse(first.output) as { applied: string[] }).applied.length).toBeGreaterThan(0);
    expect(await runForTest(['migrate'], environment)).toMatchObject({ code: 0, output: 'the database is up to date\n' });
  });

  it('create-super-user makes an administrator, who can be told from nobody else', async () => {
    const made = await runForTest(
      ['create-super-user', '-u', 'li', '-p', password, '--email', 'li@example.org', '-o', 'json'],
      environment,
    );
    expect(made).toMatchObject({ code: 0, notices: '' });
    expect(JSON.parse(made.output)).toMatchObject({ userName: 'li', email: 'li@example.org', administrator: true });
    expect(made.output).not.toContain('hash');
    expect(await runForTest(['create-super-user', '-u', 'LI', '-p', password], environment)).toMatchObject({ code: 2 });
    const again = await runForTest(['create-super-user', '-u', 'li', '-p', `${password}-other`, '--unless-taken'], environment);
    expect(again).toMatchObject({ code: 0, output: 'li is there already\n' });
    const other = ['create-super-user', '-u', 'wen', '-p', password, '--email', 'li@example.org', '--unless-taken'];
    expect(await runForTest(other, environment)).toMatchObject({ code: 2, notices: expect.stringContaining('e-mail') });
  });

  it.each([
    ['a short password', ['-u', 'wu', '-p', 'short'], /password/i],
    ['no password', ['-u', 'wu'], /give it with -p/],
    ['a name that is none', ['-u', '../wu', '-p', password], /userName/],
    ['an address that is none', ['-u', 'wu', '-p', password, '--email', 'nowhere'], /email/],
  ])('create-super-user refuses %s', async (_what, options, message) => {
    const { code, notices } = await runForTest(['create-super-user', ...options], environment);
    expect(notices).toMatch(message);
    expect(code).toBe(2);
  });

  it.each(['migrate', 'create-super-user -u wu -p correct-horse-battery'])('%s says when there is no database', async (command) => {
    const gone = await runForTest(command.split(' '), { ORDERLINES_DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/orderlines' });
    expect(gone.code).toBe(3);
    expect(gone.notices).toContain('cannot reach the database at 127.0.0.1:1');
    const wrong = new URL(environment.ORDERLINES_DATABASE_URL);
    wrong.password = 'secret';
    const refused = await runForTest(command.split(' '), { ORDERLINES_DATABASE_URL: wrong.href });
    expect(refused.code).toBe(3);
    expect(refused.notices + gone.notices).not.toContain('secret');
  });

  it('migrate wants to know where the database is', async () => {
    expect(await runForTest(['migrate'])).toMatchObject({ code: 2, notices: expect.stringContaining('set ORDERLINES_DATABASE_URL') });
    expect(await runForTest(['migrate'], { ORDERLINES_DATABASE_URL: 'mysql://x' })).toMatchObject({ code: 2 });
  });
});

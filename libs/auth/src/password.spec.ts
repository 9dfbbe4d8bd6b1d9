import { generatePassword, hashPassword, passwordProblems, verifyPassword } from './password.js';

describe('a password', () => {
  it('is known again by its hash, however its accents are written', async () => {
    const hash = await hashPassword('caf\u00e9 at ten');
    expect(await verifyPassword('cafe\u0301 at ten', hash)).toBe(true);
    expect(await verifyPassword('cafe at ten', hash)).toBe(false);
  });

  it('is hashed with Argon2id and never the same way twice', async () => {
    const [one, two] = await Promise.all([hashPassword('the same thing'), hashPassword('the same thing')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
    expect(one).not.toBe(two);
  });

  it.each([
    '',
    'plain',
    '$argon2i$v=19$m=1,t=1,p=1$YQ$YQ',
    '$argon2id$v=19$m=9999999,t=3,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA',
    '$argon2id$v=19$m=65536,t=0,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA',
  ])('is never right against the damaged or unaffordable hash "%s"', async (hash) => {
    expect(await verifyPassword('anything', hash)).toBe(false);
  });

  it('that is generated follows the rules', () => {
    const made = Array.from({ length: 50 }, generatePassword);
    expect(made.flatMap((password) => passwordProblems(password, 'admin'))).toEqual([]);
    expect(new Set(made).size).toBe(50);
  });

  it.each([
    ['short', 'password.too-short'],
    ['abcde'.repeat(60), 'password.too-long'],
    ['I am Carol the second', 'password.has-name'],
    ['ababababababab', 'password.too-simple'],
  ])('"%s" is refused: %s', (password, code) => expect(passwordProblems(password, 'carol').map((problem) => problem.code)).toEqual([code]));
});

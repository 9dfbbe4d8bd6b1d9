import { bearerToken, generateToken, hashToken } from './token.js';

describe('a bearer token', () => {
  it('is found in the Authorization header', () => {
    const { token } = generateToken();
    expect(bearerToken(`Bearer ${token}`)).toBe(token);
    expect(bearerToken(`bearer  ${token}`)).toBe(token);
  });

  it.each([undefined, '', 'Basic abc', 'Bearer', 'Bearer abc', 'Bearer ol_short'])('is not found in %j', (header) =>
    expect(bearerToken(header)).toBeUndefined(),
  );

  it('is stored as its hash only', () => {
    const { token, hash } = generateToken();
    expect(hash).toEqual(hashToken(token));
    expect(hash.toString('latin1')).not.toContain(token);
  });
});

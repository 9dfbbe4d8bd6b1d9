import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An OIDC provider at which everybody may log in, with any password. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  close(): Promise<void>;
}

/**
 * Starts a provider that sends browsers back to this address. Whoever logs in as `ann` has the address `ann@shop.local`, which is confirmed unless
 * the name begins with `un`.
 */
export const startIdentityProvider = async (redirectUrl: string): Promise<IdentityProvider> => {
  const { default: Provider } = await import('oidc-provider');
  const client = { clientId: 'orderlines', clientSecret: 'a secret of this test' };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answer = new Provider(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [redirectUrl] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username', 'name'] },
    pkce: { required: () => true },
    cookies: { keys: ['of this test'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@shop.local`, email_verified: !id.startsWith('un'), preferred_username: id, name: id }),
    }),
  }).callback();
  return {
    issuer,
    ...client,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

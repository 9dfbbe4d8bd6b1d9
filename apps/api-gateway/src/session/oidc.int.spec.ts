import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { startIdentityProvider, type IdentityProvider } from '@orderlines/testing';
import { oidcRedirectUrl } from '../config.js';
import { Browser } from '../testing/browser.js';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const closed = (server: Server) => new Promise((resolve) => server.close(resolve));

/** A port that nobody listens on; the provider must know it before the gateway is there. */
const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listening(server);
  await closed(server);
  return port;
};

describe('logging in at an OIDC provider', () => {
  let harness: GatewayHarness;
  let identity: IdentityProvider;
  let site: string;

  beforeAll(async () => {
    // The provider says at length that its defaults are not for production.
    for (const method of ['warn', 'info'] as const) jest.spyOn(console, method).mockImplementation(() => undefined);
    const port = await freePort();
    site = `http://127.0.0.1:${port}`;
    const redirectUrl = oidcRedirectUrl(site);
    identity = await startIdentityProvider(redirectUrl);
    const { issuer, clientId, clientSecret } = identity;
    harness = await startGatewayHarness({
      port,
      oidc: { issuer, clientId, clientSecret, name: 'Shop ID', newUsers: 'pending', redirectUrl },
    });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await harness?.close();
    await identity?.close();
  });

  /** Logs in at the provider as its pages want it; stops at the first step back to the site that is no page of the API. */
  const login = async (who: Browser, name: string, returnTo = '/runs?open=1'): Promise<URL | undefined> => {
    const isAway = (next: URL) => next.origin !== site || next.pathname.startsWith('/api/');
    let { url, next } = await who.go(`${site}/api/v1/sessions/oidc?return_to=${encodeURIComponent(returnTo)}`, {}, isAway);
    for (const form of [`prompt=login&login=${name}&password=x`, 'prompt=consent']) {
      if (next !== undefined) break;
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      ({ url, next } = await who.go(url.href, { method: 'POST', headers, body: form }, isAway));
    }
    return next;
  };
  const refreshed = async (who: Browser) => {
    const { answer } = await who.go(`${site}/api/v1/sessions/refresh`, { method: 'POST' });
    return { status: answer.status, body: (await answer.json()) as { token: string; user: { userName: string; approved: boolean } } };
  };

  it('is offered by name', async () => {
    expect(await (await harness.ask('GET', 'sessions/methods')).json()).toMatchObject({ oidc: 'Shop ID' });
  });

  it('begins a session of the user with that e-mail address, and comes back to where it began', async () => {
    const added = await harness.ask('POST', 'users', {
      userName: 'Ann',
      email: 'ann@shop.local',
      password: 'correct horse battery',
      roles: ['viewer'],
    });
    expect(added.status).toBe(201);
    const who = new Browser();
    expect((await login(who, 'ann'))?.href).toBe(`${site}/runs?open=1`);
    const { status, body } = await refreshed(who);
    expect({ status, user: body.user }).toMatchObject({ status: 200, user: { userName: 'Ann' } });
    const own = { authorization: `Bearer ${body.token}` };
    expect((await harness.ask('GET', 'processes', undefined, own)).status).toBe(200);
    expect(await (await harness.ask('GET', 'me/sessions', undefined, own)).json()).toMatchObject([{ method: 'oidc', current: true }]);
  });

  it('makes an account for somebody new that waits to be let in, once', async () => {
    for (const who of [new Browser(), new Browser()]) {
      await login(who, 'newcomer');
      const { body } = await refreshed(who);
      expect(body.user).toMatchObject({ userName: 'newcomer', approved: false });
      expect((await harness.ask('GET', 'processes', undefined, { authorization: `Bearer ${body.token}` })).status).toBe(403);
    }
  });

  it('does not take over an account by an address that was not confirmed, here or there', async () => {
    const squatter = { userName: 'squatter', password: 'correct horse battery' };
    expect((await harness.ask('POST', 'users', squatter)).status).toBe(201);
    const session = (await (await harness.ask('POST', 'sessions', { login: 'squatter', password: squatter.password })).json()) as {
      token: string;
    };
    const own = { authorization: `Bearer ${session.token}` };
    expect((await harness.ask('PATCH', 'me', { email: 'victim@shop.local' }, own)).status).toBe(200);
    await harness.ask('POST', 'users', { userName: 'known', email: 'unconfirmed@shop.local', password: 'correct horse battery' });
    for (const name of ['victim', 'unconfirmed']) {
      const who = new Browser();
      await login(who, name);
      expect((await refreshed(who)).body.user.userName).toBe(name);
    }
  });

  it('is of no use to another browser, a second time, or with another state', async () => {
    const isOurs = (next: URL) => next.origin !== site;
    const who = new Browser();
    await login(who, 'ann');
    // Already known at the provider: straight back, but not let on to the callback.
    const { next } = await who.go(`${site}/api/v1/sessions/oidc`, {}, isOurs);
    const callback = next?.href ?? '';
    expect(callback).toContain('/api/v1/sessions/oidc/callback?');
    const stay = () => false;
    const outcome = async (visitor: Browser, address: string) => (await visitor.go(address, {}, stay)).next?.search;
    expect(await outcome(new Browser(), callback)).toBe('?problem=auth.oidc-attempt');
    expect(await outcome(who, callback.replace(/state=[^&]+/, 'state=forged'))).toBe('?problem=auth.oidc-provider');
    expect(await outcome(who, callback)).toBe('?problem=auth.oidc-attempt');
  });

  it('leads to no other site, and a disabled user nowhere', async () => {
    for (const elsewhere of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
      expect((await login(new Browser(), 'ann', elsewhere))?.href).toBe(`${site}/`);
    }
    await harness.pool.query(`update access.user_account set enabled = false where user_name = 'Ann'`);
    expect((await login(new Browser(), 'ann'))?.search).toBe('?problem=auth.oidc-disabled');
  });
});

import { jest } from '@jest/globals';
import { startIdentityProvider, type IdentityProvider } from '@orderlines/testing';
import { join } from 'node:path';
import { freePort } from '../harness/free-port.js';
import type { ServiceProcess } from '../harness/service-process.js';
import { startWholeSystem, type WholeSystem } from '../harness/stores.js';
import { WORKSPACE } from '../harness/workspace.js';
import { ConsoleBrowser, LOOKS } from './console-browser.js';

describe('logging in to the console at an OIDC provider', () => {
  let system: WholeSystem;
  let identity: IdentityProvider;
  let gateway: ServiceProcess;
  let console: ConsoleBrowser;
  beforeAll(async () => {
    // The provider says at length that its defaults are not for production.
    for (const method of ['warn', 'info'] as const) jest.spyOn(globalThis.console, method).mockImplementation(() => undefined);
    system = await startWholeSystem();
    const ports = { http: await freePort(), grpc: await freePort() };
    const url = `http://127.0.0.1:${ports.http}`;
    identity = await startIdentityProvider(`${url}/api/v1/sessions/oidc/callback`);
    gateway = await system.platform.makeGateway('with-oidc', ports).start({
      ORDERLINES_PUBLIC_URL: url,
      ORDERLINES_CONSOLE_DIR: join(WORKSPACE, 'dist/apps/console'),
      ORDERLINES_OIDC_ISSUER: identity.issuer,
      ORDERLINES_OIDC_CLIENT_ID: identity.clientId,
      ORDERLINES_OIDC_CLIENT_SECRET: identity.clientSecret,
      ORDERLINES_OIDC_NAME: 'Shop ID',
    });
    const ann = { userName: 'ann', email: 'ann@shop.local', password: 'correct horse battery', roles: ['viewer'] };
    const added = await system.platform.fetch('users', { method: 'POST', body: JSON.stringify(ann) });
    expect(added.status).toBe(201);
    console = await ConsoleBrowser.at(url);
  });
  afterAll(async () => {
    await console?.close();
    await gateway?.stop();
    await identity?.close();
    await system?.close();
    jest.restoreAllMocks();
  });
  afterEach(() => {
    // The pages of the provider, which want fonts from elsewhere, are not ours.
    expect(console.complaints.splice(0).filter((complaint) => !complaint.startsWith(identity.issuer))).toEqual([]);
  });

  it('leads there and back to the page that was wanted', async () => {
    const page = await console.open();
    await page.goto(`${console.url}/runs?status=FAILURE`);
    await page.click('[data-test=oidc]');
    await page.fill('input[name=login]', 'ann');
    await page.fill('input[name=password]', 'x');
    await page.click('button[type=submit]');
    await page.waitForSelector('input[name=prompt][value=consent]', { state: 'attached' });
    await page.click('button[type=submit]');
    await page.waitForURL(`${console.url}/runs?status=FAILURE`);
    await page.waitForSelector('ol-list');
    await page.waitForSelector('ol-shell :text-is("ann")');
    await page.context().close();
  });

  it.each(LOOKS)('is offered by name in %s and %s', async (language, theme) => {
    const page = await console.open(language, theme);
    await page.goto(`${console.url}/login`);
    await page.waitForSelector('[data-test=oidc]:has-text("Shop ID")');
    expect(await console.inspect(page, `login-oidc-${language}-${theme}`)).toEqual([]);
    await page.context().close();
  });
});

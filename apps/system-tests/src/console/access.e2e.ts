import { ConsoleBrowser, PASSWORD } from './console-browser.js';

const HELLO = `apiVersion: orderlines/v1
kind: Process
name: hello
flow:
  - { id: hello, uses: log, with: { message: hello } }
`;
/** What somebody asks who may only read processes, and must not do. */
const REFUSED: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['POST', 'instances', { process: 'default/hello' }],
  ['POST', 'processes', { content: HELLO }],
  ['GET', 'instances'],
  ['GET', 'users'],
  ['GET', 'roles'],
  ['PUT', 'parameters/stop_all_schedule', { value: true }],
  ['GET', 'schedules'],
  ['GET', 'audit'],
];

describe('a role with one right', () => {
  let console: ConsoleBrowser;
  let oneTimePassword = '';
  beforeAll(async () => {
    console = await ConsoleBrowser.start();
    await console.build(HELLO);
  });
  afterAll(() => console?.close());
  afterEach(() => {
    expect(console.complaints.splice(0)).toEqual([]);
  });

  it('is made in the console, and a user who holds it', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/roles`);
    await page.click('[data-action=add]');
    await page.fill('.dialog input[name=name]', 'reader-of-processes');
    await page.fill('.dialog textarea[name=rules]', JSON.stringify([{ action: 'read', subject: 'Process' }]));
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('td:has-text("reader-of-processes")');
    await page.goto(`${console.url}/users`);
    await page.click('[data-action=add]');
    await page.fill('.dialog input[name=userName]', 'bob');
    await page.fill('.dialog textarea[name=roles]', '["reader-of-processes"]');
    await page.click('.dialog button[type=submit]');
    oneTimePassword = (await page.textContent('[data-test=told]')) ?? '';
    expect(oneTimePassword).not.toBe('');
    await page.context().close();
  });

  it('shows whoever holds it exactly what it allows, and the server refuses everything else', async () => {
    const page = await console.open();
    await console.login(page, oneTimePassword, 'bob');
    await page.waitForURL(/\/profile/);
    await page.fill('#current', oneTimePassword);
    await page.fill('#chosen', PASSWORD);
    await page.fill('#again', PASSWORD);
    await page.click('ol-password-form button[type=submit]');
    await page.waitForSelector('aside a[href="/processes"]');
    await page.click('aside a[href="/processes"]');
    await page.waitForSelector('ol-list a:has-text("hello")');
    const links = await page.locator('aside nav a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    expect(links).toEqual(['/home', '/processes', '/tokens', '/help', '/about']);
    expect(await page.locator('.page-head button, .page-head a, ol-list .actions button, ol-list .actions a').count()).toBe(0);
    await page.click('ol-list a:has-text("hello")');
    await page.waitForSelector('ol-flow-graph');
    expect(await page.locator('[data-action=start]').count()).toBe(0);
    const token = await tokenOf(console.url, 'bob');
    for (const [method, path, body] of REFUSED) {
      const answer = await fetch(`${console.url}/api/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
    }
    await page.context().close();
  });
});

const tokenOf = async (url: string, login: string): Promise<string> => {
  const session = await fetch(`${url}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password: PASSWORD }),
  });
  return ((await session.json()) as { token: string }).token;
};

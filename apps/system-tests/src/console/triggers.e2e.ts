import { ConsoleBrowser, LOOKS } from './console-browser.js';

const BUILD = `apiVersion: orderlines/v1
kind: Process
name: build
params: [{ name: branch, type: string, required: true, title: Branch }]
flow:
  - { id: make, name: Make it, uses: log, with: { message: 'built \${{ params.branch }}' } }
`;

describe('triggers in the console', () => {
  let console: ConsoleBrowser;
  beforeAll(async () => {
    console = await ConsoleBrowser.start();
    await console.build(BUILD);
  });
  afterAll(() => console?.close());
  afterEach(() => {
    expect(console.complaints.splice(0)).toEqual([]);
  });

  const push = (address: string, branch: string) =>
    fetch(address, { method: 'POST', body: JSON.stringify({ branch }), headers: { 'content-type': 'application/json' } });

  it('are made by a form, tell their address once, and start runs', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/triggers`);
    await page.click('[data-action=create]');
    await page.fill('#trigger-name', 'on-push');
    await page.fill('#trigger-process', 'default/build');
    await page.dispatchEvent('#trigger-process', 'change');
    await page.fill('#trigger-filter', 'event.body.branch ==');
    await page.fill('#trigger-param-branch', '${{ event.body.branch }}');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('.dialog [role=alert]');
    await page.fill('#trigger-filter', "event.body.branch != 'draft'");
    await page.click('.dialog button[type=submit]');
    const address = await page.innerText('[data-test=address] pre');
    expect(address).toMatch(/^http:.*\/api\/v1\/webhooks\/olw_/);
    await page.click('.dialog footer button');
    await page.waitForURL(/\/triggers\/[0-9a-f-]{36}$/);
    expect((await push(address, 'main')).status).toBe(202);
    expect((await push(address, 'draft')).status).toBe(202);
    await page.waitForSelector('[data-outcome=started]');
    // No run tells of what starts none.
    await page.reload();
    await page.waitForSelector('[data-outcome=filtered]');
    await page.click('ol-list a[href*="/runs/"]');
    await page.waitForSelector('[data-test=run-status][data-status=SUCCESS]');
    await page.context().close();
  });

  it('are tried with an event, and nothing is started', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/triggers`);
    await page.click('[data-action=try]');
    await page.fill('#try-event', '{"body": {"branch": "next"}}');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('[data-test=tried][data-matches=true] pre:has-text("next")');
    await page.fill('#try-event', '{"body": {"branch": "draft"}}');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('[data-test=tried][data-matches=false]');
    await page.context().close();
  });

  it('get another address, are disabled with a note, and enabled', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/triggers`);
    await page.click('ol-list a[href*="/triggers/"]');
    await page.click('[data-action=rotate]');
    await page.click('.dialog button.danger, .dialog button[type=submit]');
    const address = await page.innerText('[data-test=address] pre');
    await page.click('.dialog footer button');
    await page.click('[data-action=disable]');
    await page.fill('#note', 'the repository moves');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('[data-test=trigger-state][data-enabled=false]');
    await page.waitForSelector('.notice:has-text("the repository moves")');
    expect((await push(address, 'main')).status).toBe(409);
    await page.click('[data-action=enable]');
    await page.waitForSelector('[data-test=trigger-state][data-enabled=true]');
    expect((await push(address, 'main')).status).toBe(202);
    await page.context().close();
  });

  it('hear events, wait for quiet, and are removed', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/triggers`);
    await page.click('[data-action=create]');
    await page.fill('#trigger-name', 'indexed');
    await page.fill('#trigger-process', 'default/build');
    await page.dispatchEvent('#trigger-process', 'change');
    await page.selectOption('#trigger-kind', 'event');
    await page.fill('#trigger-types', 'document.saved, document.removed');
    await page.selectOption('#trigger-way', 'debounce');
    await page.fill('#trigger-quiet', '1h');
    await page.fill('#trigger-at-most', '2h');
    await page.fill('#trigger-param-branch', '${{ event.subject }}');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('[data-test=trigger-state][data-enabled=true]');
    await page.click('[data-action=edit]');
    await page.waitForSelector('#trigger-param-branch');
    expect(await page.inputValue('#trigger-types')).toBe('document.saved, document.removed');
    await page.fill('#trigger-quiet', '30m');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('dl.facts :text("30m")');
    await page.click('[data-action=remove]');
    await page.click('.dialog button.danger, .dialog button[type=submit]');
    await page.waitForURL(/\/triggers$/);
    await page.waitForSelector('ol-list tbody tr');
    expect(await page.locator('ol-list a:has-text("indexed")').count()).toBe(0);
    await page.context().close();
  });

  it.each(LOOKS)('look as they should in %s and %s', async (language, theme) => {
    const page = await console.openAsAdmin(language, theme);
    const look = async (name: string) => expect(await console.inspect(page, `${name}-${language}-${theme}`)).toEqual([]);
    await page.goto(`${console.url}/triggers`);
    await page.waitForSelector('ol-list a[href*="/triggers/"]');
    await look('triggers');
    await page.click('[data-action=create]');
    await page.fill('#trigger-process', 'default/build');
    await page.dispatchEvent('#trigger-process', 'change');
    await page.selectOption('#trigger-kind', 'event');
    await page.selectOption('#trigger-way', 'absence');
    await page.waitForSelector('#trigger-param-branch');
    await look('trigger-form');
    await page.keyboard.press('Escape');
    await page.click('ol-list a[href*="/triggers/"]');
    await page.waitForSelector('[data-outcome=started]');
    await look('trigger');
    await page.click('[data-action=try]');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('[data-test=tried]');
    await look('trigger-try');
    await page.context().close();
  });
});

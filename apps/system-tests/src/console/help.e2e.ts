import { ConsoleBrowser, LOOKS } from './console-browser.js';

describe('the console about itself', () => {
  let console: ConsoleBrowser;
  beforeAll(async () => {
    console = await ConsoleBrowser.start();
  });
  afterAll(() => console?.close());
  afterEach(() => {
    expect(console.complaints.splice(0)).toEqual([]);
  });

  it('shows its documents, found by their words and led to by their links', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/help`);
    await page.waitForURL(/\/help\/definition$/);
    await page.fill('ol-help input', 'evaluated lock');
    await page.press('ol-help input', 'Enter');
    await page.click('.passages a:has-text("What a run does")');
    await page.waitForURL(/\/help\/engine#the-flow$/);
    await page.waitForSelector('article h2#the-flow');
    await page.click('article a:has-text("expressions")');
    await page.waitForURL(/\/help\/definition#expressions$/);
    await page.waitForSelector('article h2#expressions, article h3#expressions');
    await page.goto(`${console.url}/help/nothing`);
    await page.waitForSelector('text=There is no such document.');
    await page.context().close();
  });

  it('shows its services, where they run, and its release', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/services`);
    for (const role of ['api-gateway', 'executor', 'scheduler']) {
      await page.waitForSelector(`tr:has-text("${role}"):has-text("alive")`);
    }
    await page.goto(`${console.url}/about`);
    const { version } = await console.ask<{ version: string }>('GET', 'about');
    await page.waitForSelector(`dd:has-text("${version}")`);
    const licences = await page.request.get(`${console.url}/3rdpartylicenses.txt`);
    expect(await licences.text()).toContain('Package: @angular/core');
    await page.context().close();
  });

  it.each(LOOKS)('looks as it should in %s and %s', async (language, theme) => {
    const page = await console.openAsAdmin(language, theme);
    for (const [name, path] of Object.entries({ help: 'help/engine', services: 'services', about: 'about' })) {
      await page.goto(`${console.url}/${path}`);
      await page.waitForSelector('article h1, ol-services tbody tr');
      expect([name, await console.inspect(page, `${name}-${language}-${theme}`)]).toEqual([name, []]);
    }
    await page.context().close();
  });
});

import { Secret, TOTP } from 'otpauth';
import { ConsoleBrowser, LOOKS, PASSWORD, type Language, type ThemeName } from './console-browser.js';

/** The smallest picture there is: one transparent pixel. */
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

describe('one’s own account in the console', () => {
  let console: ConsoleBrowser;
  beforeAll(async () => {
    console = await ConsoleBrowser.start();
    for (const userName of ['ada', 'grace']) await console.ask('POST', 'users', { userName, password: PASSWORD, roles: ['developer'] });
  });
  afterAll(() => console?.close());
  afterEach(() => {
    expect(console.complaints.splice(0)).toEqual([]);
  });

  const openAs = async (userName: string, language: Language = 'en', theme: ThemeName = 'light') => {
    const page = await console.open(language, theme);
    await console.login(page, PASSWORD, userName);
    await page.goto(`${console.url}/profile`);
    await page.waitForSelector('ol-own-profile');
    return page;
  };

  it('has a name, a picture and a language, which the console speaks from then on', async () => {
    const page = await openAs('ada');
    await page.setInputFiles('#profile-picture', { name: 'ada.png', mimeType: 'image/png', buffer: PIXEL });
    await page.waitForSelector('header ol-user-picture img');
    await page.fill('#profile-name', 'Ada Lovelace');
    await page.selectOption('#profile-language', 'zh-CN');
    await page.click('ol-own-profile button[type=submit]');
    await page.waitForSelector('html[lang=zh-CN]');
    await page.waitForSelector('[data-test=account]:has-text("Ada Lovelace")');
    await page.context().close();
  });

  it('has a second factor: scanned, put in use, asked for at the next login', async () => {
    const page = await openAs('ada');
    await page.fill('#factor-password', PASSWORD);
    await page.click('ol-second-factor button[type=submit]');
    await page.waitForSelector('ol-second-factor svg path');
    const secret = Secret.fromBase32((await page.textContent('[data-test=secret]')) ?? '');
    await page.fill('#factor-code', new TOTP({ secret }).generate());
    await page.click('ol-second-factor button[type=submit]');
    const [recovery = ''] = ((await page.textContent('[data-test=recovery-codes]')) ?? '').split('\n');
    await page.context().close();

    const next = await console.open();
    await next.goto(`${console.url}/login`);
    await next.fill('input[name=login]', 'ada');
    await next.fill('input[name=password]', PASSWORD);
    await next.click('button[type=submit]');
    await next.fill('input[name=code]', recovery);
    await next.click('button[type=submit]');
    await next.waitForSelector('ol-shell');
    await next.context().close();
  });

  it('ends its sessions, one or all of them', async () => {
    const [here, there, elsewhere] = [await openAs('grace'), await openAs('grace'), await openAs('grace')];
    await here.reload();
    await here.locator('[data-test=own-session] button').first().click();
    await here.waitForSelector('ol-toasts .toast');
    await here.click('[data-action=log-out-everywhere]');
    await here.click('.dialog .danger');
    for (const page of [here, there, elsewhere]) {
      await page.goto(`${console.url}/processes`);
      await page.waitForURL(/\/login/);
      await page.context().close();
    }
  });

  it('is made by its owner where the system allows it, and has to be let in', async () => {
    await console.ask('PUT', 'parameters/self_registration', { value: true });
    const page = await console.open();
    await page.goto(`${console.url}/login`);
    await page.click('[data-test=register]');
    await page.fill('#register-name', 'linus');
    await page.fill('#register-password', PASSWORD);
    await page.fill('#register-again', PASSWORD);
    await page.click('button[type=submit]');
    await page.waitForSelector('[data-test=registered]');
    const waiting = await console.ask<{ items: { userName: string }[] }>('GET', 'users?approved=false');
    expect(waiting.items.map(({ userName }) => userName)).toEqual(['linus']);
    await page.context().close();
  });

  it.each(LOOKS)('looks as it should in %s and %s', async (language, theme) => {
    const page = await openAs('grace', language, theme);
    await page.fill('#factor-password', PASSWORD);
    await page.click('ol-second-factor button[type=submit]');
    await page.waitForSelector('ol-second-factor svg path');
    expect(await console.inspect(page, `profile-${language}-${theme}`)).toEqual([]);
    const stranger = await console.open(language, theme);
    await stranger.goto(`${console.url}/register`);
    await stranger.waitForSelector('#register-name');
    expect(await console.inspect(stranger, `register-${language}-${theme}`)).toEqual([]);
    for (const one of [page, stranger]) await one.context().close();
  });
});

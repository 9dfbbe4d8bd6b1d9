import { ConsoleBrowser, LOOKS } from './console-browser.js';

const READS = `apiVersion: orderlines/v1
kind: Process
name: reads
flow:
  - { id: tell, uses: log, with: { message: 'to \${{ config.region }}' } }
`;
const WAITS = `apiVersion: orderlines/v1
kind: Process
name: waits
flow:
  - { id: ask, name: May it go on?, type: approval, users: [admin], message: Go on? }
`;

describe('lists in the console', () => {
  let console: ConsoleBrowser;
  beforeAll(async () => {
    console = await ConsoleBrowser.start();
    await console.build(WAITS);
  });
  afterAll(() => console?.close());
  afterEach(() => {
    expect(console.complaints.splice(0)).toEqual([]);
  });

  it('keep variables of a type, and tell which processes read them', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/variables`);
    await page.click('[data-action=add]');
    await page.fill('.dialog input[name=name]', 'region');
    await page.selectOption('.dialog select[name=type]', 'number');
    await page.fill('.dialog textarea[name=value]', 'north');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('.dialog [role=alert]');
    await page.selectOption('.dialog select[name=type]', 'string');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('td:has-text("region")');
    await console.build(READS);
    await page.click('ol-list .actions button:has-text("Usage")');
    await page.waitForSelector('[data-test=usages] a:has-text("default/reads")');
    await page.context().close();
  });

  it('stop several runs at once, after they were asked', async () => {
    for (let count = 0; count < 3; count += 1) await console.startRun('default/waits');
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/runs`);
    await page.waitForSelector('tbody tr:nth-child(3)');
    await page.check('thead input[type=checkbox]');
    await page.click('[data-batch=stop]');
    await page.click('.dialog .danger');
    await page.waitForSelector('ol-toasts .toast:has-text("3 of 3")');
    await page.goto(`${console.url}/runs?status=STOP`);
    await page.waitForSelector('tbody tr:nth-child(3) ol-status[data-status=STOP]');
    await page.context().close();
  });

  it('find runs by what started them, when, and what they wait for, and keep that in the address', async () => {
    await console.startRun('default/waits');
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/runs`);
    await page.waitForSelector('tbody tr:nth-child(4)');
    await page.selectOption('select[name=waiting]', 'true');
    await page.waitForURL(/waiting=true/);
    await page.waitForSelector('tbody ol-status[data-status=RUNNING]');
    await page.waitForSelector('tbody tr:nth-child(2)', { state: 'detached' });
    await page.selectOption('select[name=origin]', 'schedule');
    await page.waitForSelector('tbody tr.none');
    await page.click('button:has-text("Clear filters")');
    await page.waitForSelector('tbody tr:nth-child(4)');
    await page.fill('input[name=since]', '2020-01-01T00:00');
    await page.fill('input[name=startedBy]', 'admin');
    await page.waitForURL(/since=2020-01-01T00:00.*startedBy=admin/);
    await page.click('th button:has-text("Ended")');
    await page.waitForURL(/sort=finished/);
    await page.waitForSelector('th[aria-sort=ascending]');
    await page.waitForSelector('tbody tr:nth-child(4)', { state: 'detached' });
    await page.reload();
    await page.waitForSelector('tbody tr:nth-child(3) ol-status[data-status=STOP]');
    expect(await page.inputValue('input[name=since]')).toBe('2020-01-01T00:00');
    expect(await page.locator('tbody tr').count()).toBe(3);
    await page.context().close();
  });

  it('keep calendars, and what is wrong with one is told', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/calendars`);
    await page.click('[data-action=add]');
    await page.fill('.dialog input[name=name]', 'holidays');
    await page.fill('.dialog input[name=weekdays]', 'sat, sun');
    await page.fill('.dialog textarea[name=dates]', '2027-02-30');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('.dialog [role=alert]:has-text("2027-02-30")');
    await page.fill('.dialog textarea[name=dates]', '2027-01-01\n2027-12-24/2027-12-31');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('td:has-text("2027-01-01, 2027-12-24/2027-12-31")');
    await page.context().close();
  });

  it('say who may do something', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/permissions`);
    await page.selectOption('#who-subject', 'Process');
    await page.selectOption('#who-action', 'publish');
    await page.fill('#who-object', 'default/waits');
    await page.click('[data-action=who-may]');
    await page.waitForSelector('[data-test=holders] li:has-text("admin")');
    await page.context().close();
  });

  it('lead to a user, whose roles are given and taken there, and to the tokens of a service account', async () => {
    await console.ask('POST', 'users', { userName: 'deployer', kind: 'service' });
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/users?search=deployer`);
    await page.click('tr:has-text("deployer") [data-action=open]');
    await page.waitForSelector('[data-test=held-roles]');
    await page.selectOption('select[name=role]', 'operator');
    await page.fill('input[name=namespace]', 'default');
    await page.click('[data-action=add-role]');
    await page.waitForSelector('[data-test=held-roles] .tag:has-text("operator · default")');
    await page.waitForSelector('[data-test=grants] td:has-text("operator")');
    await page.fill('input[name=tokenName]', 'pipeline');
    await page.click('[data-action=make-token]');
    const token = (await page.textContent('[data-test=token]')) ?? '';
    const me = await fetch(`${console.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(await me.json()).toMatchObject({ userName: 'deployer' });
    await page.click('[data-test=held-roles] .tag button');
    await page.waitForSelector('[data-test=held-roles]:has-text("No role.")');
    await page.context().close();
  });

  it.each(LOOKS)('look as they should in %s and %s', async (language, theme) => {
    const page = await console.openAsAdmin(language, theme);
    for (const name of ['variables', 'secrets', 'calendars', 'runs', 'tasks', 'users']) {
      await page.goto(`${console.url}/${name}`);
      await page.waitForSelector('ol-list');
      expect(await console.inspect(page, `${name}-${language}-${theme}`)).toEqual([]);
    }
    await page.goto(`${console.url}/permissions`);
    await page.click('[data-action=who-may]');
    await page.waitForSelector('[data-test=holders] li:has-text("admin")');
    expect(await console.inspect(page, `permissions-${language}-${theme}`)).toEqual([]);
    await page.goto(`${console.url}/calendars`);
    await page.click('[data-action=add]');
    await page.waitForSelector('.dialog textarea[name=ical]');
    expect(await console.inspect(page, `calendar-form-${language}-${theme}`)).toEqual([]);
    await page.goto(`${console.url}/users`);
    await page.click('tr:has-text("deployer") [data-action=open]');
    await page.waitForSelector('[data-test=held-roles]');
    expect(await console.inspect(page, `user-${language}-${theme}`)).toEqual([]);
    await page.context().close();
  });
});

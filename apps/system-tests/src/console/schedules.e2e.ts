import { ConsoleBrowser, LOOKS } from './console-browser.js';

const REPORT = `apiVersion: orderlines/v1
kind: Process
name: report
params: [{ name: who, type: string, required: true, title: Whose report }]
flow:
  - { id: write, name: Write it, uses: log, with: { message: 'report of \${{ params.who }}' } }
`;
const HOUR_MS = 3_600_000;

/** A moment as a field for a date and time takes it. */
const local = (ms: number): string => {
  const at = new Date(ms);
  return new Date(ms - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

describe('schedules in the console', () => {
  let console: ConsoleBrowser;
  beforeAll(async () => {
    console = await ConsoleBrowser.start();
    await console.build(REPORT);
  });
  afterAll(() => console?.close());
  afterEach(() => {
    expect(console.complaints.splice(0)).toEqual([]);
  });

  it('are made by a form that shows the next times, and fire', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/schedules`);
    await page.click('[data-action=create]');
    await page.fill('#schedule-name', 'every-two-seconds');
    await page.fill('#schedule-process', 'default/report');
    await page.dispatchEvent('#schedule-process', 'change');
    await page.fill('.dialog input[name=who]', 'Ada');
    await page.fill('#schedule-expression', 'at noon');
    await page.waitForSelector('[data-test=preview-problem]');
    await page.fill('#schedule-expression', '*/2 * * * * *');
    await page.waitForSelector('[data-test=preview] li:nth-child(10)');
    await page.click('.dialog button[type=submit]');
    await page.waitForURL(/\/schedules\/[0-9a-f-]{36}$/);
    await page.waitForSelector('[data-slot=succeeded]', { timeout: 30_000 });
    await page.click('ol-list a[href*="/runs/"]');
    await page.waitForSelector('[data-test=run-status][data-status=SUCCESS]');
    await page.click('[data-node=write]');
    await page.waitForSelector('ol-log .line:has-text("report of Ada")');
    await page.context().close();
  });

  it('are paused with a note, run beside their plan, and resumed', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/schedules`);
    await page.click('[data-action=pause]');
    await page.fill('#note', 'the printer is broken');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('[data-state=paused]');
    await page.click('ol-list a[href*="/schedules/"]');
    await page.waitForSelector('.notice:has-text("the printer is broken")');
    await page.click('[data-action=run]');
    await page.waitForSelector('tr:has-text("by hand") [data-slot=succeeded]', { timeout: 30_000 });
    await page.click('[data-action=resume]');
    await page.waitForSelector('[data-test=schedule-state][data-state=active]');
    await page.click('[data-action=pause]');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('[data-test=schedule-state][data-state=paused]');
    await page.context().close();
  });

  it('are changed, and their past is run after a look at it', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/schedules`);
    await page.click('ol-list a[href*="/schedules/"]');
    await page.click('[data-action=edit]');
    await page.fill('#schedule-expression', '0 * * * *');
    await page.waitForSelector('[data-test=preview] b:has-text(":00:00")');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('dl.facts code:has-text("0 * * * *")');
    await page.click('[data-action=backfill]');
    await page.fill('#backfill-from', local(Date.now() - 26 * HOUR_MS));
    await page.fill('#backfill-until', local(Date.now() - 23 * HOUR_MS));
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('[data-test=backfill-plan]:has-text("3 slots would be run")');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('table .tag.success:has-text("done")', { timeout: 60_000 });
    await page.context().close();
  });

  it.each(LOOKS)('look as they should in %s and %s', async (language, theme) => {
    const page = await console.openAsAdmin(language, theme);
    const look = async (name: string) => expect(await console.inspect(page, `${name}-${language}-${theme}`)).toEqual([]);
    await page.goto(`${console.url}/schedules`);
    await page.waitForSelector('ol-list a[href*="/schedules/"]');
    await look('schedules');
    await page.click('[data-action=create]');
    await page.waitForSelector('[data-test=preview] li:nth-child(10)');
    await look('schedule-form');
    await page.keyboard.press('Escape');
    await page.click('ol-list a[href*="/schedules/"]');
    await page.waitForSelector('[data-slot=succeeded]');
    await look('schedule');
    await page.click('[data-action=backfill]');
    await page.waitForSelector('#backfill-from');
    await look('schedule-backfill');
    await page.context().close();
  });
});

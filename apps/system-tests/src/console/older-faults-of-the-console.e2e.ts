import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { ConsoleBrowser, PASSWORD } from './console-browser.js';

const written = (name: string, body: string): string => `apiVersion: orderlines/v1\nkind: Process\nname: ${name}\n${body}\n`;
const WAITS = written('waits', 'flow: [{ id: ask, type: approval, users: [admin], message: Go on? }]');
const BREAKS = written('breaks', "flow: [{ id: fragile, uses: fail, with: { message: 'the disk is full' } }]");
const LINGERS = written('lingers', 'timeout: 1s\nflow: [{ id: long, uses: shell, with: { command: sleep 60 } }]');
const TELLS = written(
  'tells',
  `params: [{ name: who, type: string, default: nobody }]
flow: [{ id: tell, uses: shell, with: { command: 'echo same; echo same; echo "of $WHO"', env: { WHO: '\${{ params.who }}' } } }]`,
);
const STEPS = `flow:
  - { id: first, uses: shell, with: { command: echo as it was saved } }
  - { id: second, uses: log, with: { message: second } }
  - { id: third, uses: log, with: { message: third } }`;
const MARKUP = '<img src=x onerror="document.title=1">';
const GATE = `flow:
  - id: gate
    type: switch
    cases:
      - { name: '${MARKUP}', when: "\${{ run.number > 1 || '${MARKUP.replaceAll('"', '\\"')}' == '' }}", next: one }
      - { when: '\${{ run.number > 2 }}', next: two }
    default: two
  - { id: one, name: '${MARKUP}', uses: log, with: { message: one }, next: end }
  - { id: two, uses: log, with: { message: two } }`;

/**
 * Faults of the older console (W1–W26 of its review), each shown not to be there. W2 (Jenkins) and W16 (metrics of hosts) are of pages that
 * come with their services.
 */
describe('what the older console did wrong', () => {
  let console: ConsoleBrowser;
  beforeAll(async () => {
    console = await ConsoleBrowser.start();
    for (const content of [WAITS, BREAKS, LINGERS, TELLS]) await console.build(content);
  });
  afterAll(() => console?.close());
  afterEach(() => {
    expect(console.complaints.splice(0)).toEqual([]);
  });

  /** One fault: a page with the administrator logged in shows that it is not there. */
  const row = (sentence: string, look: (page: Page) => Promise<void>) =>
    it(sentence, async () => {
      const page = await console.openAsAdmin();
      await look(page);
      await page.context().close();
    });
  const go = (page: Page, path: string) => page.goto(`${console.url}/${path}`);
  const status = (page: Page, wanted: string) => page.waitForSelector(`[data-test=run-status][data-status=${wanted}]`, { timeout: 60_000 });
  const statusOf = async (id: string) => (await console.ask<{ status: string }>('GET', `instances/${id}`)).status;
  const inRow = (page: Page, run: string, selector: string) => page.locator(`ol-list tr:has(a[href="/runs/${run}"]) ${selector}`).first();
  const edit = async (page: Page, id: string, node = 'second') => {
    await go(page, `processes/${id}/designer`);
    await page.waitForSelector(`[data-node=${node}]`);
  };
  const name = async (page: Page, node: string, given: string) => {
    await page.focus(`ol-canvas [data-node=${node}]`);
    await page.fill('#node-name', given);
    await page.waitForSelector('[data-test=unsaved]');
  };
  const save = async (page: Page) => {
    await page.click('[data-test=save]');
    await page.waitForSelector('[data-test=unsaved]', { state: 'detached' });
  };
  const draftOf = async (id: string) => (await console.ask<{ content: string }>('GET', `processes/${id}/draft`)).content;
  const makeSchedule = async (page: Page, given: string, fill: () => Promise<unknown>) => {
    await go(page, 'schedules');
    await page.click('[data-action=create]');
    await page.fill('#schedule-name', given);
    await page.fill('#schedule-process', 'default/tells');
    await page.dispatchEvent('#schedule-process', 'change');
    await fill();
    await page.waitForSelector('[data-test=preview] li:nth-child(10)');
    await page.click('.dialog button[type=submit]');
    await page.waitForURL(/\/schedules\/[0-9a-f-]{36}$/);
    return page.url().split('/').at(-1) ?? '';
  };
  const scheduleOf = (id: string) => console.ask<{ plan: { trigger: object }; next: string[] }>('GET', `schedules/${id}`);

  row('W1: pause, resume and stop mean the run that is open, not its process', async (page) => {
    const [mine, other] = [await console.startRun('default/waits'), await console.startRun('default/waits')];
    await go(page, `runs/${mine}`);
    for (const [operation, wanted] of Object.entries({ pause: 'PAUSED', resume: 'RUNNING' })) {
      await page.click(`.head [data-operation=${operation}]`);
      await status(page, wanted);
    }
    await page.click('.head [data-operation=stop]');
    await page.click('.dialog .danger');
    await status(page, 'STOP');
    expect(await statusOf(other)).toBe('RUNNING');
  });

  row('W3: a run opens from its list and from the bell', async (page) => {
    const id = await console.startRun('default/waits');
    await go(page, 'runs');
    await inRow(page, id, 'a').click();
    await status(page, 'RUNNING');
    await go(page, 'home');
    await page.click('[data-test=bell]');
    await page.click(`.menu a[href="/runs/${id}"]`);
    await status(page, 'RUNNING');
  });

  row('W4: a cron is stored as it was written, ranges, steps and names included', async (page) => {
    const id = await makeSchedule(page, 'workdays', () => page.fill('#schedule-expression', '*/10 8-17 * 1-11/2 MON-FRI'));
    expect(await scheduleOf(id)).toMatchObject({ plan: { trigger: { type: 'cron', expression: '*/10 8-17 * 1-11/2 MON-FRI' } } });
  });

  row('W5: a changed schedule fires by its new plan, and shows when', async (page) => {
    const id = await makeSchedule(page, 'changed', () => page.fill('#schedule-expression', '0 * * * *'));
    await page.click('[data-action=edit]');
    await page.fill('#schedule-expression', '30 6 1 1 *');
    await page.waitForSelector('[data-test=preview] li:nth-child(10):has-text("6:30")');
    await page.click('.dialog button[type=submit]');
    await page.waitForSelector('dl.facts code:has-text("30 6 1 1 *")');
    for (const next of (await scheduleOf(id)).next) expect(next).toMatch(/^20\d\d-(01-0[12]|12-31)T/);
  });

  row('W6: an interval is stored as the server counts it', async (page) => {
    const id = await makeSchedule(page, 'often', async () => {
      await page.selectOption('#schedule-type', 'interval');
      await page.fill('#schedule-every', '90m');
    });
    expect(await scheduleOf(id)).toMatchObject({ plan: { trigger: { type: 'interval', every: '90m' } } });
  });

  row('W7: markup in the condition of a gateway, its case and a name is text wherever it stands', async (page) => {
    const id = await console.build(written('markup', GATE));
    await edit(page, id, 'gate');
    await page.focus('ol-canvas [data-node=gate]');
    await page.waitForSelector('ol-gateway-panel');
    expect(await page.textContent('ol-canvas .case >> nth=0')).toBe(MARKUP);
    const run = await console.startRun('default/markup');
    await go(page, `runs/${run}`);
    await status(page, 'SUCCESS');
    await page.waitForSelector(`.node b:has-text("onerror")`);
    expect(await page.locator('img[src=x]').count()).toBe(0);
    expect(await page.title()).not.toBe('1');
  });

  row('W8: a gateway with an empty condition is not published, and one with a single case gets no other', async (page) => {
    const id = await console.build(written('gateway', GATE.replaceAll(MARKUP, 'first').replaceAll(MARKUP.replaceAll('"', '\\"'), '')));
    await edit(page, id, 'gate');
    await page.focus('ol-canvas [data-node=gate]');
    await page.locator('[data-case="1"] button:has-text("×")').first().click();
    await page.locator('[data-case="1"]').waitFor({ state: 'detached' });
    expect(await page.locator('[data-case]').count()).toBe(1);
    await page.fill('[data-case="0"] textarea >> nth=0', '');
    await page.waitForSelector('ol-canvas [data-node=gate] .problem');
    await page.click('[data-test=publish]');
    await page.waitForSelector('ol-toasts .toast.problem');
    expect(await console.ask('GET', `processes/${id}`)).toMatchObject({ latestVersion: 1 });
  });

  row('W9: a file is sent with what it holds', async (page) => {
    await go(page, 'processes');
    await page.click('.page-head button');
    const content = written('of-a-file', STEPS);
    await page.setInputFiles('#import-file', { name: 'process.yaml', mimeType: 'text/yaml', buffer: Buffer.from(content) });
    await page.locator('.dialog button[type=submit]').click();
    await page.waitForURL(/\/processes\/[0-9a-f-]{36}$/);
    const id = page.url().split('/').at(-1) ?? '';
    expect((await console.ask<{ source: string }>('GET', `processes/${id}/versions/1`)).source).toBe(content);
  });

  row('W10: code opens as it was saved, in its field and as YAML', async (page) => {
    await edit(page, await console.build(written('code', STEPS)));
    await page.focus('ol-canvas [data-node=first]');
    await page.waitForSelector('[data-code=with-command] .view-line:has-text("echo as it was saved")');
    await page.click('[data-test=yaml-view]');
    await page.waitForSelector('ol-yaml-view .view-line:has-text("command: echo as it was saved")');
  });

  row('W11: a deleted node is gone from the process, and the way goes past it', async (page) => {
    const id = await console.build(written('shortened', STEPS));
    await edit(page, id);
    await page.focus('ol-canvas [data-node=second]');
    await page.keyboard.press('Delete');
    await page.waitForSelector('ol-canvas [data-node=second]', { state: 'detached' });
    await save(page);
    const content = await draftOf(id);
    expect(content).not.toContain('second');
    expect(content).toMatch(/id: first[^]*id: third/);
  });

  row('W12: there is one start, and none to drag', async (page) => {
    await edit(page, await console.build(written('started-once', STEPS)));
    await page.waitForSelector('[data-palette=log]');
    expect(await page.locator('ol-canvas .end-point').count()).toBe(2);
    expect(await page.locator('[data-palette=start], [data-palette=end-point]').count()).toBe(0);
  });

  row('W13: a moved node is sent when it is saved, not before; two who save meet in the merge of designer.e2e', async (page) => {
    const id = await console.build(written('moved', STEPS));
    await edit(page, id);
    const sent: string[] = [];
    page.on('request', (request) => request.method() !== 'GET' && request.url().includes('/processes/') && sent.push(request.method()));
    const { x, y, width, height } = (await page.locator('ol-canvas [data-node=third]').boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width, y + height, { steps: 8 });
    await page.mouse.up();
    await page.waitForSelector('[data-test=unsaved]');
    expect(sent).toEqual([]);
    await save(page);
    expect(sent).toEqual(['PUT']);
  });

  row('W14: of several runs those that were ticked are stopped, and no other', async (page) => {
    const [one, other, left] = [
      await console.startRun('default/waits'),
      await console.startRun('default/waits'),
      await console.startRun('default/waits'),
    ];
    await go(page, 'runs?status=RUNNING');
    for (const run of [one, other]) await inRow(page, run, 'input[type=checkbox]').check();
    await page.click('[data-batch=stop]');
    await page.click('.dialog .danger');
    await page.waitForSelector('ol-toasts .toast:has-text("2 of 2")');
    expect(await statusOf(left)).toBe('RUNNING');
    for (const run of [one, other]) {
      await go(page, `runs/${run}`);
      await status(page, 'STOP');
    }
  });

  row('W15: the ranking, the ring and the workers of the boards are what the server knows', async (page) => {
    await go(page, 'screen');
    const run = await console.startRun('default/breaks');
    await page.waitForSelector('[data-test=alarming] text:has-text("breaks")');
    const { items } = await console.ask<{ items: { name: string }[] }>('GET', 'workers');
    await page.waitForSelector(`.worker:has-text("${items[0]?.name ?? ''}")`);
    await go(page, 'home');
    await page.waitForSelector('section:has(a[href="/alarms?state=open"]) ol-chart text');
    await console.ask('POST', `alarms/${run}/acknowledgement`, { remark: 'seen' });
    await go(page, 'screen');
    await page.waitForSelector('.board');
    await page.waitForSelector('[data-test=alarming] text:has-text("breaks")', { state: 'detached' });
  });

  it('W17: the menu and the buttons are those that somebody’s rights allow', async () => {
    await console.ask('PUT', 'roles/reader', { rules: [{ action: 'read', subject: 'Process' }] });
    await console.ask('POST', 'users', { userName: 'rita', password: PASSWORD, roles: ['reader'] });
    const page = await console.open();
    await console.login(page, PASSWORD, 'rita');
    await go(page, 'processes');
    await page.waitForSelector('ol-list tbody a');
    for (const path of ['runs', 'schedules', 'users', 'audit']) expect(await page.locator(`aside a[href="/${path}"]`).count()).toBe(0);
    expect(await page.locator('.page-head button, ol-list .actions button').count()).toBe(0);
    await page.context().close();
  });

  row('W18: an edited process keeps its other settings, and the one that was open before stays as it was', async (page) => {
    const [before, id] = [
      await console.build(written('opened-before', STEPS)),
      await console.build(written('settled', `timeout: 90m\nmaxVisits: 7\n${STEPS}`)),
    ];
    await edit(page, before);
    await go(page, 'processes?name=settled');
    await page.click(`ol-list a[href="/processes/${id}"]`);
    await page.click(`a[href="/processes/${id}/designer"]`);
    await page.waitForSelector('[data-node=second]');
    await page.click('[data-test=panel-process]');
    await page.fill('#process-description', 'described later');
    await page.waitForSelector('[data-test=unsaved]');
    await save(page);
    const content = await draftOf(id);
    for (const line of ['timeout: 90m', 'maxVisits: 7', 'described later']) expect(content).toContain(line);
    expect(await console.ask('GET', `processes/${before}`)).toMatchObject({ hasDraft: false });
  });

  row('W19: a run that is left is asked for no more', async (page) => {
    const id = await console.startRun('default/waits');
    const opened = page.waitForRequest((request) => request.url().includes(`instances/${id}/logs/stream`));
    await go(page, `runs/${id}`);
    await status(page, 'RUNNING');
    await opened;
    const closed = page.waitForEvent('requestfailed', (request) => request.url().includes(`instances/${id}/logs/stream`));
    await page.click('aside a[href="/runs"]');
    await closed;
    const asked: string[] = [];
    page.on('request', (request) => request.url().includes(`instances/${id}`) && asked.push(request.url()));
    await console.ask('POST', `instances/${id}/pause`, {});
    await inRow(page, id, 'ol-status[data-status=PAUSED]').waitFor();
    expect(asked).toEqual([]);
  });

  row('W20: a run shows its own lines only, equal ones as often as they were written', async (page) => {
    const [mine] = [await console.startRun('default/tells', { who: 'ada' }), await console.startRun('default/tells', { who: 'grace' })];
    await go(page, `runs/${mine}`);
    await status(page, 'SUCCESS');
    await page.waitForSelector('ol-log .line:has-text("of ada")');
    expect(await page.locator('ol-log .line:has-text("same")').count()).toBe(2);
    expect(await page.locator('ol-log .line:has-text("grace")').count()).toBe(0);
  });

  row('W21: profile, password and the roles of users are there', async (page) => {
    await go(page, 'profile');
    for (const field of ['#profile-name', '#current', '#chosen']) await page.waitForSelector(field);
    await console.ask('POST', 'users', { userName: 'carl', password: PASSWORD });
    await go(page, 'users?search=carl');
    await page.click('tr:has-text("carl") [data-action=open]');
    await page.selectOption('select[name=role]', 'developer');
    await page.click('[data-action=add-role]');
    await page.waitForSelector('[data-test=held-roles] .tag:has-text("developer")');
  });

  row('W22: two tabs keep what each of them has not saved', async (page) => {
    const id = await console.build(written('twice', STEPS));
    const other = await page.context().newPage();
    for (const [tab, given] of [
      [page, 'here'],
      [other, 'there'],
    ] as const) {
      await edit(tab, id);
      await name(tab, 'second', given);
    }
    for (const [tab, given] of [
      [page, 'here'],
      [other, 'there'],
    ] as const) {
      await tab.reload();
      await tab.waitForSelector(`ol-canvas [data-node=second]:has-text("${given}")`);
    }
  });

  it('W23: every status has a word of its own, in both languages', async () => {
    for (const [language, stopped, failed] of [
      ['en', 'Stopped', 'Failed'],
      ['zh-CN', '已停止', '失败'],
    ] as const) {
      const page = await console.openAsAdmin(language);
      await go(page, 'runs');
      await page.waitForSelector('select[name=status] option[value=STOP]', { state: 'attached' });
      const words = await page.locator('select[name=status] option').allInnerTexts();
      expect(new Set(words).size).toBe(words.length);
      expect((await page.textContent('select[name=status] option[value=STOP]'))?.trim()).toBe(stopped);
      expect((await page.textContent('select[name=status] option[value=FAILURE]'))?.trim()).toBe(failed);
      await page.context().close();
    }
  });

  it('W24: a session that has ended leads to the login with the next step', async () => {
    const { id } = await console.ask<{ id: string }>('POST', 'users', {
      userName: 'otto',
      password: PASSWORD,
      roles: ['developer'],
    });
    const page = await console.open();
    await console.login(page, PASSWORD, 'otto');
    await console.ask('DELETE', `users/${id}/sessions`);
    await page.click('aside a[href="/processes"]');
    await page.waitForURL(/\/login/);
    await page.context().close();
  });

  row('W25: an alarm is acknowledged by somebody with a remark, and the list says so', async (page) => {
    const [failed, late, stopped] = [
      await console.startRun('default/breaks'),
      await console.startRun('default/lingers'),
      await console.startRun('default/waits'),
    ];
    await console.ask('POST', `instances/${stopped}/stop`, { force: false });
    await go(page, 'alarms?state=open');
    for (const run of [failed, late, stopped]) await inRow(page, run, '.tag').waitFor({ timeout: 60_000 });
    await page.selectOption('select[name=kind]', 'TIMEOUT');
    await inRow(page, failed, '.tag').waitFor({ state: 'detached' });
    await inRow(page, late, '[data-action=acknowledge]').click();
    await page.fill('#remark', 'the host was slow');
    await page.click('.dialog button[type=submit]');
    await inRow(page, late, '.tag').waitFor({ state: 'detached' });
    await page.selectOption('select[name=state]', 'acknowledged');
    await inRow(page, late, 'td:has-text("admin")').waitFor();
    await inRow(page, late, 'td:has-text("the host was slow")').waitFor();
    await page.click('button[aria-label=Export]');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('.menu button:has-text("CSV")')]);
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/default\/lingers.*TIMEOUT.*the host was slow/);
    await page.click('[data-test=bell]');
    await page.waitForSelector(`.menu a[href="/runs/${failed}"]`);
    await page.waitForSelector(`.menu a[href="/runs/${late}"]`, { state: 'detached' });
  });

  row('W26: home, the board and lists show what happens while they are looked at', async (page) => {
    const [board, list] = [await page.context().newPage(), await page.context().newPage()];
    for (const [tab, path] of [
      [page, 'home'],
      [board, 'screen'],
      [list, 'runs'],
    ] as const) {
      await go(tab, path);
      await tab.waitForSelector('a[href^="/runs/"]');
    }
    const id = await console.startRun('default/tells');
    for (const tab of [page, board, list]) await tab.waitForSelector(`a[href="/runs/${id}"]`);
    await inRow(list, id, 'ol-status[data-status=SUCCESS]').waitFor();
  });
});

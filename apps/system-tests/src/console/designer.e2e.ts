import type { Page } from 'playwright-core';
import { ConsoleBrowser, LOOKS } from './console-browser.js';

const STEPS = `# Counts, and fails once.
apiVersion: orderlines/v1
kind: Process
name: steps
variables: [{ name: count, type: integer, value: 0 }]
flow:
  - { id: first, type: assign, set: { count: '\${{ vars.count + 1 }}' } }
  - { id: hello, uses: log, with: { message: 'count \${{ vars.count }}' }, breakpoint: true }
  - { id: fragile, uses: shell, with: { command: 'exit 3' } }
  - { id: bye, uses: log, with: { message: 'mocked: \${{ tasks.fragile.result.mocked }}' } }
`;

describe('the flow editor', () => {
  let console: ConsoleBrowser;
  beforeAll(async () => (console = await ConsoleBrowser.start()));
  afterAll(() => console?.close());
  afterEach(() => {
    expect(console.complaints.splice(0)).toEqual([]);
  });

  const nodes = (page: Page): Promise<string[]> =>
    page.locator('ol-canvas [data-node]').evaluateAll((all) => all.map((one) => one.getAttribute('data-node') ?? ''));
  const status = (page: Page, wanted: string) => page.waitForSelector(`[data-test=run-status][data-status=${wanted}]`, { timeout: 60_000 });

  /** Drags something of the palette to a point of the page. */
  const drag = async (page: Page, key: string, x: number, y: number): Promise<void> => {
    const before = (await nodes(page)).length;
    const item = page.locator(`[data-palette="${key}"]`);
    await item.scrollIntoViewIfNeeded();
    const { x: left, y: top, width, height } = (await item.boundingBox())!;
    await page.mouse.move(left + width / 2, top + height / 2);
    await page.mouse.down();
    await page.mouse.move(x - 30, y - 20, { steps: 5 });
    await page.mouse.move(x, y, { steps: 5 });
    await page.mouse.up();
    await page.locator('ol-canvas [data-node]').nth(before).waitFor({ state: 'attached' });
  };
  /** Drags onto the last arrow of the flow, right above its end. */
  const dragToEnd = async (page: Page, key: string): Promise<void> => {
    await page.click('[data-test=layout]');
    await page.waitForTimeout(1_500);
    await page.click('[data-test=fit]');
    const end = (await page.locator('.end-point').nth(1).boundingBox())!;
    await drag(page, key, end.x + end.width / 2, end.y - 4);
  };
  /** Drags into a container or lane. */
  const dragInto = async (page: Page, key: string, selector: string): Promise<void> => {
    await page.click('[data-test=fit]');
    const { x, y, width, height } = (await page.locator(selector).first().boundingBox())!;
    await drag(page, key, x + width / 2, y + height * 0.65);
  };

  /** Fills a field of the panel of a node. */
  const setField = async (page: Page, node: string, field: string, value: string): Promise<void> => {
    await page.focus(`ol-canvas [data-node=${node}]`);
    await page.fill(field, value);
    await page.locator(field).blur();
  };
  /** Opens a process; gives a page of its own. */
  const open = async (id: string, node: string): Promise<Page> => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/processes/${id}/designer`);
    await page.waitForSelector(`[data-node=${node}]`);
    return page;
  };
  /** Answers the only approval that waits. */
  const approve = async (): Promise<void> => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/approvals?mine=true`);
    await page.click('ol-list .actions button');
    await page.click('[data-answer=approve]');
    await page.waitForSelector('ol-toasts .toast');
    await page.context().close();
  };

  it('draws a gateway, a parallel, a foreach and an approval by dragging, saves, runs and watches them, and is approved to SUCCESS', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/processes/new/designer`);
    await page.fill('#new-name', 'drawn');
    await page.click('[data-test=create]');
    await page.waitForSelector('[data-palette=log]');
    for (const key of ['switch', 'parallel', 'foreach', 'approval']) await dragToEnd(page, key);
    await dragInto(page, 'log', '[data-lane]');
    await dragInto(page, 'delay', '[data-lane="parallel/branches/second"]');
    await dragInto(page, 'log', '[data-node=foreach]');
    expect((await nodes(page)).toSorted()).toEqual(['approval', 'delay', 'foreach', 'log', 'log_2', 'parallel', 'switch']);
    await page.click('[data-test=layout]');
    await setField(page, 'log', '#with-message', 'beside the other branch');
    await setField(page, 'log_2', '#with-message', 'number ${{ item }}');
    await setField(page, 'delay', '#own-for', '1s');
    await setField(page, 'foreach', '#own-items', '[1, 2]');
    await setField(page, 'approval', '#own-users', 'admin');
    await page.focus('ol-canvas [data-node=switch]');
    await page.click('[data-test=add-case]');
    await page.fill('#case-0-when', '${{ 1 + 1 == 2 }}');
    await page.selectOption('#case-0-next', 'parallel');
    await page.selectOption('#gateway-default', 'parallel');
    await page.click('[data-test=fit]');
    await page.click('[data-test=save]');
    await page.waitForURL(/\/processes\/[0-9a-f-]{36}\/designer/);
    await page.waitForSelector('[data-test=problems]:has-text("0")');
    await console.picture(page, 'designer-drawn-en-light');
    await page.click('[data-test=run]');
    await page.click('[data-test=start]');
    await page.waitForSelector('ol-canvas [data-node=foreach][data-status=SUCCESS]', { timeout: 30_000 });
    await page.waitForSelector('ol-canvas [data-node=approval][data-status=WAITING]');
    await console.picture(page, 'designer-waiting-en-light');
    await approve();
    await status(page, 'SUCCESS');
    await page.waitForSelector('ol-canvas [data-node=approval][data-status=SUCCESS]');
    await page.context().close();
  });

  it('brings two drafts of the same process together, node by node', async () => {
    const id = await console.build(STEPS.replace('name: steps', 'name: shared'));
    const [mine, theirs] = [await open(id, 'bye'), await open(id, 'bye')];
    await setField(theirs, 'hello', '#node-name', 'Theirs');
    await setField(theirs, 'bye', '#node-name', 'Said by them');
    await theirs.click('[data-test=save]');
    await theirs.waitForSelector('[data-test=unsaved]', { state: 'detached' });
    await setField(mine, 'hello', '#node-name', 'Mine');
    await setField(mine, 'first', '#node-name', 'Begun by me');
    await mine.click('[data-test=save]');
    await mine.waitForSelector('[data-test=merge]');
    await console.picture(mine, 'designer-merge-en-light');
    expect(await console.barriers(mine)).toEqual([]);
    await mine.click('ol-merge-dialog fieldset label:nth-of-type(2)');
    await mine.click('[data-test=merge]');
    await mine.waitForSelector('[data-test=unsaved]', { state: 'detached' });
    const { content } = await console.ask<{ content: string }>('GET', `processes/${id}/draft`);
    for (const name of ['Theirs', 'Said by them', 'Begun by me']) expect(content).toContain(`name: ${name}`);
    expect(content).not.toContain('name: Mine');
    for (const page of [mine, theirs]) await page.context().close();
  });

  it('stops at a breakpoint, takes another variable and a result that nobody computed', async () => {
    const id = await console.build(STEPS);
    const page = await console.openAsAdmin('zh-CN', 'dark');
    await page.goto(`${console.url}/processes/${id}/designer`);
    await page.waitForSelector('[data-node=bye]');
    await page.click('[data-test=debug]');
    await page.click('[data-test=start]');
    await page.waitForSelector('[data-test=stop][data-at=hello]');
    await page.fill('#stop-variables', 'count: 41');
    await page.click('[data-test=write-variables]');
    await page.click('[data-test=step]');
    await page.waitForSelector('[data-test=stop][data-at=fragile]');
    await page.fill('#stop-result', 'mocked: true');
    await page.click('[data-test=mock]');
    await page.waitForSelector('[data-test=stop][data-at=bye]');
    await page.click('[data-test=continue]');
    await status(page, 'SUCCESS');
    await console.picture(page, 'designer-debugged-zh-dark');
    await page.context().close();
  });

  it('follows the YAML that is typed, and keeps its comments and unsaved work over a reload', async () => {
    const id = await console.build(STEPS.replace('name: steps', 'name: typed'));
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/processes/${id}/designer`);
    await page.waitForSelector('[data-node=bye]');
    await page.click('[data-test=yaml-view]');
    await page.click('.monaco-editor .view-lines');
    await page.keyboard.press('Control+Home');
    // To the last node; behind it stands the drawing.
    for (let line = 0; line < STEPS.trimEnd().split('\n').length - 1; line += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('- { id: last, uses: log, with: { message: typed } }');
    await page.waitForSelector('ol-canvas [data-node=last]');
    await page.waitForSelector('[data-test=unsaved]');
    await page.reload();
    await page.waitForSelector('ol-canvas [data-node=last]');
    await page.click('[data-test=save]');
    await page.waitForSelector('[data-test=unsaved]', { state: 'detached' });
    const draft = await console.ask<{ content: string }>('GET', `processes/${id}/draft`);
    expect(draft.content).toContain('# Counts, and fails once.');
    expect(draft.content).toContain('id: last');
    await page.context().close();
  });

  it('keeps the history and the tab over the first save, and does by the menu of a node what its keys do', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/processes/new/designer`);
    await page.fill('#new-name', 'menus');
    await page.click('[data-test=create]');
    await page.locator('[data-palette=shell]').focus();
    await page.keyboard.press('Enter');
    await page.focus('ol-canvas [data-node=shell]');
    await page.click('ol-code-input .view-lines');
    await page.keyboard.type('echo $NAME');
    await page.click('#with-env');
    await page.locator('ol-map-input input').fill('NAME');
    await page.locator('#with-env-0').fill('${{ run.id }}');
    await page.click('[data-test=save]');
    await page.waitForURL(/\/processes\/[0-9a-f-]{36}\/designer/);
    const id = page.url().split('/').at(-2)!;
    await page.locator('[data-test=unsaved]').waitFor({ state: 'detached' });
    const { content } = await console.ask<{ content: string }>('GET', `processes/${id}/draft`);
    expect(content).toContain('command: echo $NAME');
    expect(content).toContain('NAME: ${{ run.id }}');
    expect(await page.locator('[data-test=undo]').isEnabled()).toBe(true);
    expect(await page.locator('a[href="/processes/new/designer"], [title="/processes/new/designer"]').count()).toBe(0);
    await page.click('ol-canvas [data-node=shell]', { button: 'right' });
    await console.picture(page, 'designer-menu-en-light');
    await page.click('[data-test=menu-duplicate]');
    await page.waitForSelector('ol-canvas [data-node=shell_2]');
    await page.keyboard.press('Control+z');
    await page.waitForSelector('ol-canvas [data-node=shell_2]', { state: 'detached' });
    await page.context().close();
  });

  it('colours the canvas by what became of it since a version, also where an older one is gone', async () => {
    const id = await console.build(STEPS.replace('name: steps', 'name: compared'));
    await console.build(STEPS.replace('name: steps', 'name: compared').replace('exit 3', 'exit 4'));
    await console.build(STEPS.replace('name: steps', 'name: compared').replace('exit 3', 'exit 5'));
    await console.ask('POST', `processes/${id}/versions/1/offline`);
    await console.ask('DELETE', `processes/${id}/versions/1`);
    const page = await open(id, 'bye');
    await setField(page, 'hello', '#node-name', 'Hello');
    await page.click('[data-test=compare]');
    expect(await page.locator('[data-test=diff-of] option').allInnerTexts()).toHaveLength(2);
    await page.selectOption('[data-test=diff-of]', '2');
    await page.locator('[data-change=changed][data-of=fragile]').waitFor();
    await page.click('[data-test=diff-on-canvas]');
    for (const node of ['hello', 'fragile']) await page.waitForSelector(`ol-canvas [data-node=${node}][data-change=changed]`);
    expect(await page.locator('ol-canvas [data-change]').count()).toBe(2);
    await console.picture(page, 'designer-compared-en-light');
    expect(await console.barriers(page)).toEqual([]);
    await page.context().close();
  });

  describe.each(LOOKS)('in %s and %s', (language, theme) => {
    it('has pictures of the editor and of a watched run, none with a barrier or a key instead of a text', async () => {
      const id = await console.build(SAMPLE);
      const page = await console.openAsAdmin(language, theme);
      const look = async (name: string, isBarrierFree = true): Promise<void> => {
        await page.waitForTimeout(600);
        await console.picture(page, `${name}-${language}-${theme}`);
        expect([name, (await page.innerText('body')).match(/\b(designer|ui|status|run)\.[a-z][a-zA-Z.]+\b/)?.[0]]).toEqual([
          name,
          undefined,
        ]);
        if (isBarrierFree) expect([name, await console.barriers(page)]).toEqual([name, []]);
      };
      await page.goto(`${console.url}/processes/${id}/designer`);
      await page.waitForSelector('[data-node=tell]');
      await look('designer');
      for (const [node, tab] of Object.entries({ gate: 'params', build: 'params', ask: 'params', tell: 'settings', child: 'results' })) {
        await page.focus(`ol-canvas [data-node=${node}]`);
        await page.click(`[data-test=tab-${tab}]`);
        await look(`designer-${node}`, node === 'gate');
      }
      await page.click('[data-test=list-view]');
      await page.click('[data-test=panel-process]');
      await look('designer-list');
      await page.click('[data-test=list-view]');
      await page.click('[data-test=run]');
      await page.click('[data-test=start]');
      await page.waitForSelector('ol-canvas [data-node=ask][data-status=WAITING]', { timeout: 30_000 });
      await look('designer-run');
      const run = await page.getAttribute('ol-run-panel header a', 'href');
      await page.goto(`${console.url}${run}`);
      await page.waitForSelector('[data-node=build][data-status=SUCCESS]');
      await page.click('[data-node=build]');
      await look('run-view');
      await page.context().close();
    });
  });
});

/** Something of everything that the editor draws. */
const SAMPLE = `apiVersion: orderlines/v1
kind: Process
name: sample
description: Builds, asks and tells
params: [{ name: target, type: string, default: staging, title: Where to }]
variables: [{ name: built, type: integer, value: 0 }]
flow:
  - id: both
    name: Build and check
    type: parallel
    branches:
      build: [{ id: build, name: Build everything, uses: shell, with: { command: 'echo building for $TARGET', env: { TARGET: '\${{ params.target }}' } } }]
      check: [{ id: check, name: Check the style, uses: log, with: { message: checked, level: warn } }]
  - id: each
    name: On every host
    type: foreach
    items: [one, two]
    flow: [{ id: ship, name: Ship it, uses: log, with: { message: 'to \${{ item }}' }, set: { built: '\${{ vars.built + 1 }}' } }]
  - { id: gate, name: Enough?, type: switch, cases: [{ name: enough, when: '\${{ vars.built >= 1 }}', next: ask }], default: tell }
  - { id: ask, name: May it go out?, type: approval, users: [admin], message: The release is ready., onReject: tell }
  - { id: child, name: Roll out, uses: log, with: { message: rolled out } }
  - { id: tell, name: Tell everybody, uses: log, with: { message: 'done, \${{ vars.built }} built' } }
layout:
  notes: [{ id: why, x: 520, y: 60, width: 240, height: 80, text: 'Ask the release team first.' }]
  frames: []
`;

import type { Page } from 'playwright-core';
import { ConsoleBrowser } from './console-browser.js';

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

  it('draws a gateway, a parallel, a foreach and an approval by dragging, and saves them', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/processes/new/designer`);
    await page.fill('#new-name', 'drawn');
    await page.click('[data-test=create]');
    await page.waitForSelector('[data-palette=log]');
    for (const key of ['switch', 'parallel', 'foreach', 'approval']) await dragToEnd(page, key);
    await dragInto(page, 'assign', '[data-lane]');
    await dragInto(page, 'assign', '[data-node=foreach]');
    expect((await nodes(page)).toSorted()).toEqual(['approval', 'assign', 'assign_2', 'foreach', 'parallel', 'switch']);
    await console.picture(page, 'designer-drawn-en-light');
    await page.click('[data-test=save]');
    await page.waitForURL(/\/processes\/[0-9a-f-]{36}\/designer/);
    await page.context().close();
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
    await page.waitForSelector('[data-test=stop][data-at=bye], [data-test=run-status][data-status=SUCCESS]');
    if ((await page.locator('[data-test=continue]').count()) > 0) await page.click('[data-test=continue]');
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
});

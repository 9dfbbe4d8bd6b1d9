import { eventually } from '../harness/eventually.js';
import { ConsoleBrowser, LOOKS } from './console-browser.js';

const NIGHTLY = `apiVersion: orderlines/v1
kind: Process
name: nightly
params: [{ name: code, type: integer, default: 0 }]
flow:
  - id: every
    type: foreach
    items: "\${{ [1, 2, 3] }}"
    flow: [{ id: check, uses: log, with: { message: "\${{ item }}" } }]
  - { id: test, uses: shell, with: { command: exit "$CODE", env: { CODE: "\${{ params.code }}" } } }
  - { id: ship, uses: log, with: { message: shipped } }
`;

describe('the grid of runs and nodes', () => {
  let console: ConsoleBrowser;
  let process: string;
  beforeAll(async () => {
    console = await ConsoleBrowser.start();
    process = await console.build(NIGHTLY);
    for (const code of [0, 3, 0]) await ended(await console.startRun('default/nightly', { code }));
  });
  afterAll(() => console?.close());
  afterEach(() => {
    expect(console.complaints.splice(0)).toEqual([]);
  });

  const ended = (run: string) =>
    eventually('the run has ended', async () => {
      const { status } = await console.ask<{ status: string }>('GET', `instances/${run}`);
      return status === 'SUCCESS' || status === 'FAILURE';
    });

  it('shows in a line where a node failed, in a column how a run went, and leads to the run', async () => {
    const page = await console.openAsAdmin();
    await page.goto(`${console.url}/processes/${process}`);
    await page.click('[data-test=grid]');
    await page.waitForSelector('tr[data-node=test]');
    const statusesOf = (node: string) =>
      page
        .locator(`tr[data-node=${node}] td`)
        .evaluateAll((cells) => cells.map((cell) => cell.firstElementChild?.getAttribute('data-status')));
    expect(await statusesOf('test')).toEqual(['SUCCESS', 'FAILURE', 'SUCCESS']);
    expect(await statusesOf('ship')).toEqual(['SUCCESS', undefined, 'SUCCESS']);
    expect(await page.textContent('tr[data-node=check] .count')).toBe('3');
    await page.click('tr[data-node=test] [data-status=FAILURE]');
    await page.waitForSelector('ol-status[data-status=FAILURE]');
    await page.waitForURL(/\/runs\//);
    await page.context().close();
  });

  it.each(LOOKS)('looks as it should in %s and %s', async (language, theme) => {
    const page = await console.openAsAdmin(language, theme);
    await page.goto(`${console.url}/processes/${process}/grid`);
    await page.waitForSelector('tr[data-node=test]');
    expect(await console.inspect(page, `run-grid-${language}-${theme}`)).toEqual([]);
    await page.context().close();
  });
});

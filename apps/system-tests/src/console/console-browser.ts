import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { freePort } from '../harness/free-port.js';
import { ServiceProcess } from '../harness/service-process.js';
import { WORKSPACE } from '../harness/workspace.js';

/** Where Debian's chromium is. */
const CHROMIUM = '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const SCREENSHOTS = join(WORKSPACE, 'dist/screenshots');
/** Code point of 流: without a font that holds it, Chinese pages are boxes. */
const CHINESE = '6d41';

const SETTLED_MS = 500;

type Texts = { readonly [key: string]: string | Texts };
const keysOf = (texts: Texts, before = ''): string[] =>
  Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [before + key] : keysOf(value, `${before}${key}.`)));
/** Keys of all texts of the console. */
const TEXT_KEYS = new Set(
  globSync(join(WORKSPACE, '{apps,libs}/console/**/src/i18n/en.json')).flatMap((file) =>
    keysOf(JSON.parse(readFileSync(file, 'utf8')) as Texts),
  ),
);

/** Who logs in. */
export const PASSWORD = 'a-password-for-tests';

export type Language = 'en' | 'zh-CN';
export type ThemeName = 'light' | 'dark';

/** Every look that a page has. */
export const LOOKS = (['en', 'zh-CN'] as const).flatMap((language) =>
  (['light', 'dark'] as const).map((theme): [language: Language, theme: ThemeName] => [language, theme]),
);

/** A standalone of its own with a browser that looks at it. Whatever the browser complains about is kept, and fails the test that asks. */
export class ConsoleBrowser {
  readonly complaints: string[] = [];
  private token = '';

  private constructor(
    readonly url: string,
    private readonly browser: Browser,
    /** Ends what serves the console, where that is this one's. */
    private readonly end: () => Promise<void>,
  ) {}

  /** A browser at a console that somebody else serves and ends. */
  static async at(url: string): Promise<ConsoleBrowser> {
    return new ConsoleBrowser(url, await launch(), () => Promise.resolve());
  }

  static async start(): Promise<ConsoleBrowser> {
    const folder = await mkdtemp(join(tmpdir(), 'orderlines-console-'));
    const [port, grpcPort] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    const standalone = new ServiceProcess({
      name: 'standalone',
      app: 'standalone',
      arguments: ['--no-sample', '--port', String(port), '--grpc-port', String(grpcPort), '--data-dir', join(folder, 'data')],
      environment: { ORDERLINES_ADMIN_PASSWORD: PASSWORD },
      readyUrl: `${url}/health/ready`,
    });
    // Postgres of its own runs as another user, who has to reach the folder.
    execFileSync('chmod', ['755', folder]);
    await standalone.start();
    const console = new ConsoleBrowser(url, await launch(), async () => {
      await standalone.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    });
    await console.renew();
    return console;
  }

  /** Logs in to the API again: a changed password has ended the session before. */
  async renew(): Promise<void> {
    const session = await fetch(`${this.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'admin', password: PASSWORD }),
    });
    this.token = ((await session.json()) as { token: string }).token;
  }

  /** A page of a browser that speaks this language, in this theme, with nobody logged in. */
  async open(language: Language = 'en', theme: ThemeName = 'light'): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: language, acceptDownloads: true });
    // Only at first: what a test chooses is kept. Empty pages, such as those of axe, have no storage.
    await context.addInitScript(`if (origin !== 'null') localStorage['orderlines.theme'] ??= '${theme}'`);
    const page = await context.newPage();
    this.listenTo(context, page);
    return page;
  }

  /** A page with the administrator logged in. */
  async openAsAdmin(language: Language = 'en', theme: ThemeName = 'light'): Promise<Page> {
    const page = await this.open(language, theme);
    await this.login(page);
    return page;
  }

  async login(page: Page, password = PASSWORD, userName = 'admin'): Promise<void> {
    await page.goto(`${this.url}/login`);
    await page.fill('input[name=login]', userName);
    await page.fill('input[name=password]', password);
    await page.click('button[type=submit]');
    await page.waitForSelector('ol-shell');
  }

  /** Asks the API as the administrator. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  /** Stores a process given as YAML; gives its id. */
  async build(content: string): Promise<string> {
    return (await this.ask<{ id: string }>('POST', 'processes', { content, format: 'yaml' })).id;
  }

  /** Starts a run; gives its id. */
  async startRun(process: string, params: object = {}): Promise<string> {
    return (await this.ask<{ id: string }>('POST', 'instances', { process, params })).id;
  }

  /** Leaves a picture of the page under dist/screenshots. */
  async picture(page: Page, name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }

  /** What axe finds grave on the page, one sentence each. */
  async barriers(page: Page): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).analyze();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${String(target)}: ${failureSummary ?? ''}`));
  }

  /** Leaves a picture of the page, and gives what nobody should meet on it: barriers, and keys where a text is meant. */
  async inspect(page: Page, name: string): Promise<string[]> {
    // Charts and dialogs come in with a movement.
    await page.waitForTimeout(SETTLED_MS);
    await this.picture(page, name);
    const keys = (await page.innerText('body')).match(/(?<![\w.@/-])[a-z][a-zA-Z]+(\.[a-z][a-zA-Z]+)+(?![\w.@/(])/g) ?? [];
    const untranslated = keys.filter((key) => TEXT_KEYS.has(key));
    return [...untranslated.map((key) => `${name} shows the key ${key}`), ...(await this.barriers(page))];
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.end();
  }

  /** Errors and warnings of the console, among them every breach of the content security policy, and exceptions nobody caught. */
  private listenTo(context: BrowserContext, page: Page): void {
    page.on('console', (message) => {
      // A refusal that a page expects and shows, such as a wrong password, is logged by the browser all the same.
      if (/Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())) return;
      if (['error', 'warning'].includes(message.type())) this.complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`${page.url()}: ${error.stack ?? error.message}`));
    context.on('weberror', (error) => this.complaints.push(error.error().message));
  }
}

const launch = (): Promise<Browser> => {
  if (execFileSync('fc-list', [`:charset=${CHINESE}`, 'family'], { encoding: 'utf8' }).trim() === '') {
    throw new Error('no font here holds 流: install fonts-noto-cjk');
  }
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
};

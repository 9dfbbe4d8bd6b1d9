import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const greeting = (message: string, more = ''): string => `# By the shop.
apiVersion: orderlines/v1
kind: Process
name: greet
flow:
  - { id: hello, uses: log, with: { message: ${message} } }
${more}`;
const CALLER = `apiVersion: orderlines/v1
kind: Process
name: outer
flow:
  - { id: call, type: process, process: greet, version: 1 }
`;

describe('the life of versions by the command line', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('versions');
    for (const content of [greeting('hi'), greeting('HI', '  - { id: more, uses: log, with: { message: more } }\n'), CALLER]) {
      await system.platform.json(['build-process-by-yaml', '-f', await file(content)]);
    }
  });
  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  const file = async (content: string): Promise<string> => {
    const path = join(folder.path, 'process.yaml');
    await writeFile(path, content);
    return path;
  };
  const orderlines = async (...argv: string[]): Promise<{ code: number; text: string }> => {
    const { code, stdout, stderr } = await system.platform.orderlines(argv);
    return { code, text: stdout + stderr };
  };
  const startOf = (process: string) => orderlines('start-process', process, '--wait');

  it('are told apart node by node, also from a file', async () => {
    const between = await orderlines('diff', 'default/greet', '1', '2');
    expect(between).toMatchObject({ code: 0, text: expect.stringContaining('+ more [task]') });
    expect(between.text).toMatch(/~ hello \[task\]\n\s+with\.message\n\s+- "hi"\n\s+\+ "HI"/);
    expect((await orderlines('diff', 'default/greet', '1', '-f', await file(greeting('hi')))).text).toContain('no difference');
    expect(await orderlines('diff', 'default/greet', 'oldest')).toMatchObject({ code: 2 });
  });

  it('are checked before they are published', async () => {
    const wanting = greeting('"${{ secrets.key }}"', '  - { id: web, uses: http.request, with: { url: "https://shop.example.org/" } }\n');
    const found = await orderlines('check', await file(wanting));
    expect(found).toMatchObject({ code: 0, text: expect.stringMatching(/missing secrets\s+key/) });
    expect(found.text).toMatch(/callers\s+default\/outer/);
    expect(found.text).toMatch(/hosts\s+shop\.example\.org/);
    expect(await orderlines('check', await file('kind: Process'))).toMatchObject({ code: 2 });
    expect((await orderlines('versions', 'list', 'default/greet')).text).toMatch(/2\s+published[^]*1\s+published/);
  });

  it('are withdrawn and offered again', async () => {
    expect(await orderlines('versions', 'offline', 'default/greet', '1')).toMatchObject({ code: 0 });
    expect((await startOf('default/greet@1')).text).toContain('offline');
    expect((await startOf('default/outer')).code).toBe(1);
    expect(await startOf('default/greet')).toMatchObject({ code: 0 });
    await orderlines('versions', 'online', 'default/greet', '1');
    expect(await startOf('default/outer')).toMatchObject({ code: 0 });
  });

  it('come back as a draft with their comments, and go on in another place', async () => {
    expect(await orderlines('versions', 'restore', 'default/greet', '1')).toMatchObject({ code: 0 });
    expect(await orderlines('versions', 'restore', 'default/greet', '2')).toMatchObject({ code: 2 });
    const { id } = await system.platform.json<{ id: string }>([
      'copy-process',
      'default/greet',
      'default',
      '--name',
      'copied',
      '--version-number',
      '1',
    ]);
    expect((await orderlines('export', id)).text).toContain('# By the shop.');
    expect(await startOf('default/copied')).toMatchObject({ code: 0 });
  });

  it('are removed when nothing needs them, and so are processes', async () => {
    expect((await orderlines('versions', 'delete', 'default/greet', '1')).text).toMatch(/take it offline.*default\/outer runs it/);
    expect((await orderlines('delete-process', 'default/greet')).text).toMatch(/other processes run it \(default\/outer\)/);
    expect(await orderlines('delete-process', 'default/outer')).toMatchObject({ code: 0 });
    expect(await orderlines('delete-process', 'default/greet')).toMatchObject({ code: 0 });
  });
});

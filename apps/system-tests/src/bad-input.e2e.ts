import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { buildText, endOf, fileIn, start, untilRunning, type Run } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const head = (name: string) => `apiVersion: orderlines/v1\nkind: Process\nnamespace: system-tests\nname: ${name}\n`;

describe('bad input', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;

  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('bad-input');
  });

  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  const DEFINITIONS: readonly (readonly [string, string, RegExp])[] = [
    ['broken YAML', 'flow: [ { id: a', /:1:\d+: error:/],
    ['an unknown key', `${head('a')}flwo: []\nflow: [{ id: a, uses: log, with: { message: x } }]`, /:5:1: error:.*flow/],
    ['an unknown task type', `${head('a')}flow: [{ id: a, uses: shel, with: { command: ls } }]`, /:5:\d+: error:.*shell?/],
    ['a bad expression', `${head('a')}flow: [{ id: a, uses: log, with: { message: "\${{ 1 + }}" } }]`, /:5:\d+: error:/],
    ['a dangling next', `${head('a')}flow: [{ id: a, uses: log, with: { message: x }, next: nowhere }]`, /:5:\d+: error:.*nowhere/],
    ['an empty document', '', /error/],
  ];

  it.each(DEFINITIONS)('%s: exit code 2 with line and column, 422 problem details, nothing stored', async (name, content, expected) => {
    const file = await fileIn(folder.path, `${name.replaceAll(' ', '-')}.yaml`, content);
    const byCommand = await system.platform.orderlines(['build-process-by-yaml', '-f', file]);
    expect(byCommand.code).toBe(2);
    expect(byCommand.stderr).toMatch(expected);
    const offline = await system.platform.orderlines(['validate', file], { environment: { ORDERLINES_URL: 'http://127.0.0.1:1' } });
    expect(offline.code).toBe(2);
    expect(offline.stdout + offline.stderr).toMatch(expected);
    const byHttp = await system.platform.fetch('processes', { method: 'POST', body: JSON.stringify({ content, format: 'yaml' }) });
    expect(byHttp.status).toBe(422);
    expect(byHttp.headers.get('content-type')).toContain('application/problem+json');
    expect(((await byHttp.json()) as { errors: unknown[] }).errors.length).toBeGreaterThan(0);
    expect(await system.platform.json(['get', 'processes', '--namespace', 'system-tests', '--name', 'a'])).toMatchObject({ items: [] });
  });

  it('all problems of a file are told at once', async () => {
    const file = await fileIn(
      folder.path,
      'several.yaml',
      `${head('a')}color: red\nflow:\n  - { id: a, uses: shel }\n  - { id: a, uses: log, next: nowhere }\n`,
    );
    const { code, stderr } = await system.platform.orderlines(['build-process-by-yaml', '-f', file]);
    expect(code).toBe(2);
    expect(stderr.match(/error:/g)?.length).toBeGreaterThanOrEqual(4);
  });

  it('a file above 4 MiB is refused by the command and by the server', async () => {
    const content = `${head('big')}description: ${'x'.repeat(5 * 1024 * 1024)}\nflow: []`;
    const file = await fileIn(folder.path, 'big.yaml', content);
    const { code, stderr } = await system.platform.orderlines(['build-process-by-yaml', '-f', file]);
    expect(code).toBe(2);
    expect(stderr).toContain('4 MiB');
    const answer = await system.platform.fetch('processes', { method: 'POST', body: JSON.stringify({ content, format: 'yaml' }) });
    expect([413, 422]).toContain(answer.status);
  });

  it('a wrong parameter is refused by name, and no run is made', async () => {
    const { id } = await buildText(
      system.platform,
      `${head('typed')}params: [{ name: count, type: integer, required: true }]\nflow: [{ id: a, uses: log, with: { message: "\${{ string(params.count) }}" } }]`,
    );
    for (const params of [[], ['--param', 'count=many'], ['--param', 'count=1', '--param', 'other=1']]) {
      const { code, stderr } = await system.platform.orderlines(['start-process', '-p_id', id, ...params]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/count|other/);
    }
    expect(await system.platform.json(['get', 'instances', '--process', id])).toMatchObject({ items: [] });
  });

  it('nobody gets in without a token or with a wrong one: exit code 3', async () => {
    const { code, stderr } = await system.platform.orderlines(['get', 'processes'], { environment: { ORDERLINES_TOKEN: 'wrong' } });
    expect(code).toBe(3);
    expect(stderr).toContain('orderlines login');
  });

  it('a server that is not there: exit code 3', async () => {
    const { code, stderr } = await system.platform.orderlines(['get', 'processes', '--url', 'http://127.0.0.1:1']);
    expect(code).toBe(3);
    expect(stderr).toContain('ORDERLINES_URL');
  });

  describe('from a task', () => {
    const shell = async (name: string, command: string, more = ''): Promise<string> =>
      (
        await buildText(
          system.platform,
          `${head(name)}flow:\n  - id: a\n    uses: shell\n    with:\n      command: ${JSON.stringify(command)}\n${more}`,
        )
      ).id;
    const runOf = async (process: string): Promise<Run> => endOf(system.platform, await start(system.platform, process));
    const residentMegabytes = (): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${system.platform.worker.pid}/status`, 'utf8'))?.[1]) / 1024;
    const processesWith = (mark: string): number =>
      readdirSync('/proc').filter((id) => {
        try {
          return /^\d+$/.test(id) && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(mark);
        } catch {
          return false;
        }
      }).length;

    it('100 MB of output do not fill the worker: the task ends, its result holds the last 64 KiB', async () => {
      const run = await runOf(await shell('loud', 'head -c 100000000 /dev/zero | tr "\\0" "x" | fold -w 200; echo; echo the end'));
      expect(run.status).toBe('SUCCESS');
      const { output } = run.tasks[0]?.result as { output: string };
      expect(output.length).toBeLessThanOrEqual(64 * 1024);
      expect(output.trimEnd().endsWith('the end')).toBe(true);
      expect(residentMegabytes()).toBeLessThan(500);
    });

    it('lines that are no result are named in the log, and the rest of the result is kept', async () => {
      const run = await runOf(await shell('not-json', `printf 'good=1\\n{"a": \\n' > "$ORDERLINES_RESULT"`));
      expect(run.tasks[0]?.result).toMatchObject({ exitCode: 0, good: 1 });
      const { stdout } = await system.platform.orderlines(['logs', run.id]);
      expect(stdout).toContain('$ORDERLINES_RESULT: not a line key=value: {"a":');
    });

    it('a result of 80 MB is refused, and the worker goes on', async () => {
      const run = await runOf(
        await shell('huge', `{ printf '{"a":"'; head -c 80000000 /dev/zero | tr '\\0' x; printf '"}'; } > "$ORDERLINES_RESULT"`),
      );
      expect(run.status).toBe('FAILURE');
      expect(run.tasks[0]?.error?.message).toContain('at most');
      expect((await runOf(await shell('after-huge', 'true'))).status).toBe('SUCCESS');
    });

    it('children that a task leaves behind end with it', async () => {
      const run = await runOf(await shell('forks', 'for i in 1 2 3; do sleep 98765 & done; echo started'));
      expect(run.status).toBe('SUCCESS');
      expect(processesWith('98765')).toBe(0);
    });

    it('a task that ignores TERM is killed after its timeout and the grace', async () => {
      const run = await runOf(await shell('stubborn', `trap '' TERM; while :; do sleep 87654 & wait; done`, '    timeout: 1s\n'));
      expect(run.tasks[0]).toMatchObject({ status: 'FAILURE', reason: 'timeout.run' });
      expect(processesWith('87654')).toBe(0);
    });

    it('odd bytes in the output are cleaned, not fatal', async () => {
      const run = await runOf(await shell('odd-bytes', `printf 'a\\0b\\377c\\ud800\\n'; printf 'key=\\0x\\n' >> "$ORDERLINES_RESULT"`));
      expect(['SUCCESS', 'FAILURE']).toContain(run.status);
      const { code } = await system.platform.orderlines(['logs', run.id]);
      expect(code).toBe(0);
    });

    it('a stop reaches a task that ignores TERM', async () => {
      const id = await start(system.platform, await shell('stubborn-stop', `trap '' TERM; while :; do sleep 76543 & wait; done`));
      await untilRunning(system.platform, id, 'a');
      const { code, stdout } = await system.platform.orderlines(['stop-process', '-ps_id', id, '--wait', '--output', 'json']);
      expect({ code, status: JSON.parse(stdout).status }).toEqual({ code: 0, status: 'STOP' });
      expect(processesWith('76543')).toBe(0);
    });
  });
});

import { join } from 'node:path';
import { build, endOf, runThat, type Run } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';
import { WORKSPACE } from './harness/workspace.js';

describe('debugging by the command line', () => {
  let system: WholeSystem;
  beforeAll(async () => {
    system = await startWholeSystem();
    await build(system.platform, join(WORKSPACE, 'examples/breakpoint.yaml'));
  });
  afterAll(() => system?.close());

  const orderlines = (argv: readonly string[], input?: string) => system.platform.orderlines(argv, input === undefined ? {} : { input });
  const stopAt = (id: string, nodeId: string): Promise<Run> =>
    runThat(system.platform, id, `stops before ${nodeId}`, ({ tasks }) =>
      tasks.some((task) => task.nodeId === nodeId && task.status === 'WAITING'),
    );

  it('a prompt shows each stop with its inputs and does what is typed, to the end of the run', async () => {
    const typed = ['inputs {"message": "mine"}', 'fly', 'step', 'mock {"case": "default"}', 'skip', ''].join('\n');
    const { code, stdout, stderr } = await orderlines(['debug', 'default/load-with-a-look'], typed);
    expect(stderr).toContain('stopped before load (log)');
    expect(stderr).toContain('inputs     {"message":"file 1 of 3"}');
    expect(stderr).toContain('inputs     {"message":"mine"}');
    expect(stderr).toContain('`fly` is no word of the debugger');
    expect(stderr).toContain('stopped before publish (log)');
    expect(stdout).toMatch(/status +SUCCESS/);
    expect(code).toBe(0);
  });

  it('one thing at a time: from breakpoint to breakpoint, and explain says what it waits for', async () => {
    const started = await orderlines(['debug', 'default/load-with-a-look', '--breakpoints', '--detach', '-o', 'json']);
    const { id } = JSON.parse(started.stdout) as { id: string };
    await stopAt(id, 'load');
    expect((await orderlines(['explain', id])).stdout).toMatch(/load +breakpoint .*orderlines debug step/);
    expect(await orderlines(['debug', 'vars', id, 'loaded=many'])).toMatchObject({ code: 2, stderr: expect.stringContaining('loaded') });
    expect(await orderlines(['debug', 'continue', id])).toMatchObject({ code: 0 });
    await stopAt(id, 'publish');
    expect(await orderlines(['debug', 'clear', id, 'publish'])).toMatchObject({ code: 0 });
    expect(await orderlines(['debug', 'rerun', id])).toMatchObject({ code: 0 });
    expect((await endOf(system.platform, id)).status).toBe('SUCCESS');
    expect(await orderlines(['debug', 'step', id])).toMatchObject({ code: 2 });
  });

  it('a run that is not debugged passes its breakpoints by', async () => {
    const { code } = await orderlines(['start-process', '-p_id', 'default/load-with-a-look', '--wait']);
    expect(code).toBe(0);
  });
});

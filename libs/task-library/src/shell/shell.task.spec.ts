import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@orderlines/contracts';
import { conformanceProblems, StopOrder, tryTask, type TaskOutcome } from '@orderlines/plugin-sdk';
import { shellTask } from './shell.task.js';

const shell = shellTask(process.env['PATH'] ?? '');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
/** A killed process stays visible until its parent has collected it. */
const isGone = async (pid: number): Promise<boolean> => {
  for (let tries = 0; tries < 100; tries += 1) {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (!isAlive(pid) || state?.includes(') Z ') === true) return true;
    await sleep(50);
  }
  return false;
};
const resultOf = (outcome: TaskOutcome) => ('result' in outcome ? outcome.result : undefined) as JsonObject;
const stopOnceLogged = (lines: { readonly log: (text: string) => void; readonly seen: Promise<void> }, graceMs: number) => ({
  onLog: (_level: string, text: string) => lines.log(text),
  stopWhen: async () => {
    await lines.seen;
    return new StopOrder('stopped', 'stopped by the test', graceMs);
  },
});
const firstLine = (expected: string) => {
  let found = () => undefined as void;
  const seen = new Promise<void>((resolve) => (found = resolve));
  return { seen, log: (text: string) => void (text.includes(expected) && found()) };
};

/** Python: forks twice into a session of its own, and tells its process id. */
const DAEMON =
  'import os,sys,time\nif os.fork(): sys.exit()\nos.setsid()\nif os.fork(): sys.exit()\nprint(os.getpid(), flush=True)\ntime.sleep(300)';

describe('shell', () => {
  it('conforms to what every task type keeps', async () => {
    const problems = await conformanceProblems(shell, [
      {
        title: 'gives exit code and output',
        inputs: { command: 'echo hello' },
        expect: { status: 'SUCCESS', result: { exitCode: 0, output: 'hello\n' }, log: 'hello' },
      },
      {
        title: 'fails with an exit code and keeps the result',
        inputs: { command: 'echo "at=3" >> "$ORDERLINES_RESULT"; echo bad; exit 7' },
        expect: {
          status: 'FAILURE',
          reason: 'user',
          code: 'command.exit',
          message: 'exit code 7; its last line: bad',
          result: { exitCode: 7, at: 3 },
        },
      },
      {
        title: 'refuses a folder that does not exist',
        inputs: { command: 'true', cwd: 'nowhere' },
        expect: { status: 'FAILURE', reason: 'user', code: 'cwd.missing' },
      },
    ]);
    expect(problems).toEqual([]);
  });

  it.each([
    [
      'lines',
      'printf \'rows=12\\nname=main\\nversion=1.10\\nok=true\\nlist=[1,2]\\nexact:="5"\\n\' >> "$ORDERLINES_RESULT"',
      { rows: 12, name: 'main', version: '1.10', ok: true, list: [1, 2], exact: '5' },
    ],
    ['one JSON object', 'echo \'{"deep":{"a":[1]}}\' > "$ORDERLINES_RESULT"', { deep: { a: [1] } }],
  ])('gives what the command writes to $ORDERLINES_RESULT as %s', async (_form, command, expected) => {
    const { outcome } = await tryTask(shell, { command });
    expect(resultOf(outcome)).toMatchObject({ exitCode: 0, ...expected });
  });

  it('sets process variables from $ORDERLINES_VARIABLES, also when it fails', async () => {
    const { setVariables } = await tryTask(shell, { command: 'printf "count=3\\ntext=a=b\\n" >> "$ORDERLINES_VARIABLES"; exit 1' });
    expect(setVariables).toEqual({ count: 3, text: 'a=b' });
  });

  it('sees params and variables in $ORDERLINES_INPUT', async () => {
    const { outcome } = await tryTask(shell, { command: 'cat "$ORDERLINES_INPUT"' }, { params: { day: 'monday' }, variables: { n: [1] } });
    expect(JSON.parse(resultOf(outcome)['output'] as string)).toEqual({ params: { day: 'monday' }, variables: { n: [1] } });
  });

  it('runs with a clean environment, its work folder as home, and no standard input', async () => {
    process.env['ORDERLINES_SMTP_PASSWORD'] = 'secret of the worker';
    const { outcome } = await tryTask(shell, { command: 'env; cat', env: { MINE: 'yes', LIST: [1, 2] } });
    delete process.env['ORDERLINES_SMTP_PASSWORD'];
    const output = resultOf(outcome)['output'] as string;
    const environment = Object.fromEntries(
      output.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(environment).toMatchObject({ MINE: 'yes', LIST: '[1,2]', LANG: 'C.UTF-8', HOME: environment['PWD'] });
    expect(output).not.toContain('secret of the worker');
    expect(
      Object.keys(environment).filter((name) => !/^(ORDERLINES_|PATH$|HOME$|LANG$|MINE$|LIST$|PWD$|OLDPWD$|SHLVL$|_$|$)/.test(name)),
    ).toEqual([]);
  });

  it('ends what it started in the background', async () => {
    const { outcome, leftGroups } = await tryTask(shell, { command: 'sleep 300 & echo $!' });
    const pid = Number(resultOf(outcome)['output']);
    expect(outcome.status).toBe('SUCCESS');
    expect(leftGroups).toEqual([]);
    expect(await isGone(pid)).toBe(true);
  });

  it.each([
    ['a process in a session of its own', 'setsid sleep 300 & echo $!; sleep 0.2'],
    ['a process that ignores HUP', 'nohup sleep 300 > out 2>&1 & echo $!'],
    ['a daemon that holds the output open', `python3 -c '${DAEMON}'; sleep 0.2`],
    ['a daemon of a daemon', `python3 -c '${DAEMON.replace('time.sleep(300)', DAEMON)}'; sleep 0.3`],
  ])('leaves nothing behind: %s', async (_what, command) => {
    const { outcome, leftGroups } = await tryTask(shell, { command });
    const pids = String(resultOf(outcome)['output']).trim().split('\n').map(Number);
    expect(outcome.status).toBe('SUCCESS');
    expect(leftGroups).toEqual([]);
    for (const pid of pids) expect(await isGone(pid)).toBe(true);
  });

  it('lets a process live on that has left the session and taken off the mark', async () => {
    const { outcome } = await tryTask(shell, {
      command: 'env -u ORDERLINES_COMMAND setsid sh -c "echo \\$\\$; exec sleep 300 > out 2>&1" & sleep 0.3',
    });
    const pid = Number(resultOf(outcome)['output']);
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  it('is killed with what has left its group and ignores TERM', async () => {
    const command = `setsid sh -c "trap '' TERM; echo child \\$\\$; while :; do sleep 1; done" & wait`;
    const { outcome, log } = await tryTask(shell, { command }, stopOnceLogged(firstLine('child'), 200));
    expect(outcome.status).toBe('STOP');
    expect(await isGone(Number(log[0]?.text.slice(6)))).toBe(true);
  });

  it('gives what it started the grace to end by itself, also when the shell has ended before it', async () => {
    const command = `sh -c "trap 'sleep 0.5; echo tidied; exit' TERM; echo ready; while :; do sleep 0.05; done" & wait`;
    const { outcome } = await tryTask(shell, { command }, stopOnceLogged(firstLine('ready'), 20_000));
    expect(outcome).toMatchObject({ status: 'STOP', result: { output: 'ready\ntidied\n' } });
  });

  it('is stopped by TERM, keeping what it has written', async () => {
    const trap = `trap 'echo leaving; echo state=half >> "$ORDERLINES_RESULT"; exit 0' TERM; echo ready; while :; do sleep 0.05; done`;
    const { outcome } = await tryTask(shell, { command: trap }, stopOnceLogged(firstLine('ready'), 20_000));
    expect(outcome).toMatchObject({ status: 'STOP', result: { state: 'half', output: 'ready\nleaving\n' } });
  });

  it('is killed with its children when it ignores TERM', async () => {
    const command = `trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & echo "child $!"; echo ready; while :; do sleep 1; done`;
    const { outcome, log } = await tryTask(shell, { command }, stopOnceLogged(firstLine('ready'), 100));
    const child = Number(log.find(({ text }) => text.startsWith('child'))?.text.slice(6));
    expect(outcome.status).toBe('STOP');
    expect(await isGone(child)).toBe(true);
  });

  it('keeps the last 64 KiB of 100 MB of output', async () => {
    const { outcome, lineCount } = await tryTask(shell, { command: `yes "$(printf 'x%.0s' $(seq 999))" | head -c 100000000; echo end` });
    const output = resultOf(outcome)['output'] as string;
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(64 * 1024);
    expect(output.endsWith('end\n')).toBe(true);
    expect(lineCount).toBeGreaterThan(99_000);
  }, 60_000);

  it('cuts an endless line into pieces', async () => {
    const { lineCount, log } = await tryTask(shell, { command: 'head -c 1000000 /dev/zero | tr "\\0" x' });
    expect(lineCount).toBe(Math.ceil(1_000_000 / 16_384));
    expect(Math.max(...log.map(({ text }) => text.length))).toBe(16_384);
  });

  it('takes binary output, cleaned', async () => {
    const { outcome, log } = await tryTask(shell, { command: String.raw`printf 'a\000b\n\377\376\n'; head -c 100000 /dev/urandom` });
    expect(outcome.status).toBe('SUCCESS');
    expect(log.slice(0, 2).map(({ text }) => text)).toEqual(['a\ufffdb', '\ufffd\ufffd']);
    expect(log.every(({ text }) => text.isWellFormed() && !text.includes('\0'))).toBe(true);
    const output = resultOf(outcome)['output'] as string;
    expect(output.isWellFormed() && !output.includes('\0')).toBe(true);
  });

  it.each([
    ['lines', 'head -c 70000000 /dev/zero | tr "\\0" x | sed "s/^/big=/" > "$ORDERLINES_RESULT"; echo done'],
    ['what it gives altogether', '(printf big=; head -c 40000000 /dev/zero | tr "\\0" "\\"") > "$ORDERLINES_RESULT"; echo done'],
  ])('fails when the result is too large in %s, naming the sizes and keeping the head', async (_what, command) => {
    const { outcome } = await tryTask(shell, { command });
    expect(outcome).toMatchObject({
      status: 'FAILURE',
      failure: { reason: 'plugin', code: 'result.too-large', message: expect.stringMatching(/\d MiB long; at most 64 MiB/) },
      result: { head: expect.stringContaining('big') },
    });
  });

  it('fails when the result begins like a JSON object but is none, keeping what was written', async () => {
    const { outcome } = await tryTask(shell, { command: `echo '{"a": ' > "$ORDERLINES_RESULT"` });
    expect(outcome).toMatchObject({
      status: 'FAILURE',
      failure: { reason: 'plugin', code: 'result.not-json', message: expect.stringContaining('$ORDERLINES_RESULT') },
      result: { exitCode: 0, head: '{"a":' },
    });
  });

  it('says which lines it did not understand', async () => {
    const { outcome, log } = await tryTask(shell, { command: 'echo "no equals sign" >> "$ORDERLINES_RESULT"' });
    expect(outcome.status).toBe('SUCCESS');
    expect(log).toContainEqual({ level: 'warn', text: '$ORDERLINES_RESULT: not a line key=value: no equals sign' });
  });

  it('runs in a folder of the work folder', async () => {
    const { outcome } = await tryTask(
      shell,
      { command: 'cat file; touch made', cwd: '.' },
      {
        prepare: (folder) => writeFile(join(folder, 'file'), 'from before'),
        inspect: async (folder) => expect(await readFile(join(folder, 'made'), 'utf8')).toBe(''),
      },
    );
    expect(resultOf(outcome)['output']).toBe('from before');
  });

  it('tells trouble on standard error from other lines', async () => {
    const { log } = await tryTask(shell, { command: 'echo note >&2; echo "Error: no" >&2' });
    expect(log).toEqual([
      { level: 'warn', text: 'note' },
      { level: 'error', text: 'Error: no' },
    ]);
  });
});

import { execFile } from 'node:child_process';

const LIMIT_MS = 120_000;

const simulate = (...options) =>
  new Promise((resolve) => {
    const args = ['tools/simulate.mjs', ...options];
    const cwd = new URL('..', import.meta.url);
    execFile(process.execPath, args, { cwd, timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });

describe('npm run simulate', () => {
  it(
    'ends with 0 when nothing is broken, and prints how often everything occurred',
    async () => {
      const { code, stdout } = await simulate('--seeds', '3', '--start', '7', '--threads', '1');
      expect({ code, end: stdout.trimEnd().split('\n').at(-1) }).toEqual({ code: 0, end: '3 seeds from 7: nothing is broken' });
      expect(stdout).toMatch(/^node types: .*task \d+/m);
    },
    LIMIT_MS,
  );

  it(
    'ends with 1 at a seed that breaks an invariant, tells its story, and says how to see it again',
    async () => {
      const { code, stdout, stderr } = await simulate('--seeds', '200', '--threads', '1', '--without', 'claim');
      expect(code).toBe(1);
      expect(stdout).toMatch(/^ +\d+\.\d{3} s {2}worker-\d +starts /m);
      const [, seed] = /^seed (\d+) is broken at .*\nagain: /m.exec(stderr) ?? [];
      expect(stderr).toContain(`again: npm run simulate -- --seeds 1 --start ${seed}`);
    },
    LIMIT_MS,
  );

  it(
    'says what it takes when it is asked for something else',
    async () => {
      const { code, stderr } = await simulate('--without', 'luck');
      expect(code).toBe(2);
      expect(stderr).toContain('safeguards: claim, fencing');
    },
    LIMIT_MS,
  );
});

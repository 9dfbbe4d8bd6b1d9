import { fileURLToPath } from 'node:url';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runForTest } from '../testing/run-for-test.js';

const INSTALLATION = fileURLToPath(new URL('../../../../deploy/nats/users.yaml', import.meta.url));
const PASSWORDS = {
  NATS_EXECUTOR_PASSWORD: 'one',
  NATS_GATEWAY_PASSWORD: 'two',
  NATS_SCHEDULER_PASSWORD: 'four',
  NATS_WORKER_PASSWORD: 'th"ree',
};

describe('nats-users', () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'orderlines-nats-users-'))));
  afterAll(() => rm(folder, { recursive: true }));

  const usersFile = async (content: string): Promise<string> => {
    const file = join(folder, 'users.yaml');
    await writeFile(file, content);
    return file;
  };

  it("writes the users of the installation's own file, each with its password and subjects", async () => {
    const out = join(folder, 'users.conf');
    await writeFile(out, '', { mode: 0o666 });
    expect(await runForTest(['nats-users', INSTALLATION, '--out', out], PASSWORDS)).toMatchObject({ code: 0, output: '' });
    const configuration = await readFile(out, 'utf8');
    expect(configuration.match(/user: ".*"/g)).toEqual([
      'user: "executor"',
      'user: "gateway"',
      'user: "scheduler"',
      'user: "worker_worker-1"',
    ]);
    expect(configuration).toContain('password: "th\\"ree"');
    expect(configuration).toContain('"runs.*.default.>"');
    expect((await stat(out)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a variable that is not set', '- { role: gateway, password: NOT_SET }', /NOT_SET is not set/],
    ['a role that there is none of', '- { role: king, password: NATS_GATEWAY_PASSWORD }', /role/],
    ['a worker without queues', '- { role: worker, worker: w1, password: NATS_WORKER_PASSWORD }', /queues/],
    [
      'a name that would be a pattern',
      '- { role: worker, worker: "*", queues: [default], password: NATS_WORKER_PASSWORD }',
      /letters, digits/,
    ],
    ['a password instead of its variable', '- { role: gateway, password: secret }', /environment variable/],
    ['no list', 'role: gateway', /expected array/],
    ['broken YAML', '- { role', /users\.yaml/],
  ])('refuses %s', async (_what, content, message) => {
    const { code, notices } = await runForTest(['nats-users', await usersFile(content)], PASSWORDS);
    expect(notices).toMatch(message);
    expect(code).toBe(2);
  });
});

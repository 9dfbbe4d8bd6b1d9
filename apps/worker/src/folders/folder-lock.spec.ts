import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootIdentity, processIdentity } from '@orderlines/plugin-sdk';
import { lockFolder } from './folder-lock.js';

describe('the lock of a worker folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orderlines-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const taken = async (times: number) => {
    const tries = await Promise.allSettled(Array.from({ length: times }, () => lockFolder(folder, 'w1')));
    return tries.filter(({ status }) => status === 'fulfilled').length;
  };

  it('is given to one of many that want it at once, and to the next when it is released', async () => {
    expect(await taken(20)).toBe(1);
    await expect(lockFolder(folder, 'w1')).rejects.toMatchObject({ code: 'worker.already-runs' });
    for (const file of await readdir(folder)) await rm(join(folder, file));
    const lock = await lockFolder(folder, 'w1');
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['that has ended', async () => `${await endedProcess()} ${bootIdentity()} 1`],
    ['whose number another process has now', () => `${process.pid} ${bootIdentity()} 1`],
    ['of an earlier boot', () => `${process.pid} earlier ${processIdentity(process.pid)}`],
  ])('of a process %s is taken over by one of many', async (_what, holder) => {
    await symlink(await holder(), join(folder, 'worker.7.lock'));
    expect(await taken(20)).toBe(1);
    expect(await readdir(folder)).toEqual(['worker.8.lock']);
  });

  it('of a living process is refused with its number and what to do', async () => {
    await symlink(`${process.ppid} ${bootIdentity()} ${processIdentity(process.ppid)}`, join(folder, 'worker.1.lock'));
    await expect(lockFolder(folder, 'w1')).rejects.toThrow(new RegExp(`process ${process.ppid}.*another ORDERLINES_WORKER_NAME`));
  });
});

const endedProcess = async (): Promise<number> => {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
};

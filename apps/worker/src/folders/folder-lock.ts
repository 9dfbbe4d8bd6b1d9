import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processIdentity } from '@orderlines/plugin-sdk';
import { OrderlinesError } from '@orderlines/service-host';

/** Takes a worker's folder for this process; throws `worker.already-runs` while another process has it. */
export const lockFolder = async (folder: string, name: string): Promise<{ release(): Promise<void> }> => {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'worker.pid');
  const mine = `${process.pid} ${processIdentity(process.pid)}`;
  const holder = await readFile(file, 'utf8').catch(() => '');
  const [pid = '', ...identity] = holder.split(' ');
  if (holder !== '' && holder !== mine && processIdentity(Number(pid)) === identity.join(' ')) {
    throw new OrderlinesError(
      'worker.already-runs',
      `A worker named "${name}" (process ${pid}) already runs on ${folder}: stop it, or give this one another ORDERLINES_WORKER_NAME.`,
    );
  }
  await writeFile(file, mine);
  return { release: () => rm(file, { force: true }) };
};

import { temporaryFolder } from '@orderlines/testing';
import { join } from 'node:path';
import { freePort } from '../harness/free-port.js';
import { ServiceProcess } from '../harness/service-process.js';
import type { BenchResult } from './result.js';
import { percentile, percentiles, rounded } from './statistics.js';

const TIMES = 3;
/** Seconds of the first start of all that must not be passed. */
const BAR_SECONDS = 10;

/** `standalone` from nothing to ready, and again with the data it has made. */
export const start = async (): Promise<BenchResult> => {
  const first: number[] = [];
  const again: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const folder = await temporaryFolder('bench-start');
    try {
      first.push(await startOnce(join(folder.path, 'data')));
      again.push(await startOnce(join(folder.path, 'data')));
    } finally {
      await folder.remove();
    }
  }
  const seconds = rounded(percentile(first, 0.5) / 1_000);
  return {
    name: 'start',
    work: `standalone to ready: with an empty data folder (database made, migrated), and ${rounded(percentile(again, 0.5) / 1_000)} s with its data there; ${TIMES} times`,
    seconds,
    ...percentiles(first),
    bar: { text: `≤ ${BAR_SECONDS} s`, met: seconds <= BAR_SECONDS },
  };
};

/** Milliseconds until it says that it is ready. */
const startOnce = async (dataDir: string): Promise<number> => {
  const [port, grpcPort] = [await freePort(), await freePort()];
  const standalone = new ServiceProcess({
    name: 'standalone',
    app: 'standalone',
    arguments: ['--data-dir', dataDir, '--port', String(port), '--grpc-port', String(grpcPort), '--no-sample'],
    environment: { ORDERLINES_ADMIN_PASSWORD: 'bench-only-password', ORDERLINES_LOG_LEVEL: 'warn' },
    readyUrl: `http://127.0.0.1:${port}/health/ready`,
  });
  const begun = performance.now();
  try {
    await standalone.start();
    return performance.now() - begun;
  } finally {
    await standalone.stop();
  }
};

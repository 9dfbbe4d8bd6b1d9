import { createLogger, parseEnvironment, relieveMemoryAtRest } from '@orderlines/service-host';
import { startWorker, workerEnvironment, type RunningWorker } from './index.js';

const logger = createLogger('worker');
relieveMemoryAtRest();
const stopping = new AbortController();
let worker: RunningWorker | undefined;

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) process.exit(130);
    logger.info({ signal }, 'shutting down');
    stopping.abort();
    void worker?.close().then(() => process.exit(0));
  });
}

try {
  worker = await startWorker(parseEnvironment(workerEnvironment), stopping.signal);
  if (stopping.signal.aborted) await worker.close().then(() => process.exit(0));
} catch (error) {
  if (stopping.signal.aborted) process.exit(0);
  logger.fatal({ err: error }, (error as Error).message);
  process.exit(1);
}

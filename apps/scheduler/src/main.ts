import 'reflect-metadata';
import { createLogger, describeError, parseEnvironment, relieveMemoryAtRest, Shutdown } from '@orderlines/service-host';
import { schedulerEnvironment } from './config.js';
import { startScheduler } from './start-scheduler.js';

const logger = createLogger('scheduler');
relieveMemoryAtRest();
const shutdown = new Shutdown(logger);
shutdown.onSignals();
const waiting = new AbortController();
shutdown.add('start', () => waiting.abort());
try {
  const scheduler = await startScheduler(parseEnvironment(schedulerEnvironment), waiting.signal);
  shutdown.add('scheduler', () => scheduler.close());
} catch (error) {
  logger.fatal({ err: error }, `the scheduler cannot start: ${describeError(error)}`);
  process.exitCode = 1;
}

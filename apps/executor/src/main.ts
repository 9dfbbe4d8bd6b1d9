import 'reflect-metadata';
import { createLogger, describeError, parseEnvironment, relieveMemoryAtRest, Shutdown } from '@orderlines/service-host';
import { executorEnvironment } from './config.js';
import { startExecutor } from './start-executor.js';

const logger = createLogger('executor');
relieveMemoryAtRest();
const shutdown = new Shutdown(logger);
shutdown.onSignals();
const waiting = new AbortController();
shutdown.add('start', () => waiting.abort());
try {
  const executor = await startExecutor(parseEnvironment(executorEnvironment), waiting.signal);
  shutdown.add('executor', () => executor.close());
} catch (error) {
  logger.fatal({ err: error }, `the executor cannot start: ${describeError(error)}`);
  process.exitCode = 1;
}

import 'reflect-metadata';
import { createLogger, describeError, parseEnvironment, relieveMemoryAtRest, Shutdown } from '@orderlines/service-host';
import { gatewayEnvironment, startApiGateway } from './index.js';

const logger = createLogger('api-gateway');
relieveMemoryAtRest();

try {
  const gateway = await startApiGateway(parseEnvironment(gatewayEnvironment));
  const shutdown = new Shutdown(logger);
  shutdown.add('api-gateway', () => gateway.close());
  shutdown.onSignals();
} catch (error) {
  logger.fatal({ err: error }, `the api-gateway cannot start: ${describeError(error)}`);
  process.exitCode = 1;
}

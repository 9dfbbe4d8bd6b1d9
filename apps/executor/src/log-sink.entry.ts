import { connectNats, leaveNats } from '@orderlines/messaging';
import { createPool } from '@orderlines/persistence/postgres';
import { createLogger } from '@orderlines/service-host';
import { parentPort, workerData } from 'node:worker_threads';
import { LogSink } from './logs/log-sink.js';
import { LogSinkSettings } from './logs/log-sink-thread.js';

// The log sink's thread: away from the engine's event loop, whatever a task prints.
const settings = LogSinkSettings.parse(workerData);
const logger = createLogger('log-sink', settings.logLevel);
const pool = createPool(settings.databaseUrl, { name: 'orderlines-log-sink', max: 2 }, (error) =>
  logger.warn({ err: error }, 'lost a connection of the log sink'),
);
const nats = await connectNats(settings.natsUrl, { name: 'orderlines-log-sink' });
const sink = new LogSink(nats, pool, logger);

parentPort?.once('message', () => {
  void (async () => {
    await sink.close();
    await leaveNats(nats);
    await pool.end();
    process.exit(0);
  })();
});

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StoreError } from '../store-error.js';

const isProgram = (path: string) => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** Debian puts servers into folders that are not on an ordinary user's path. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/homebrew/bin', '/usr/local/bin'];

/** Path of nats-server: the given one, ORDERLINES_NATS_SERVER, or the first on the path. */
export const findNatsServer = (given?: string, environment: NodeJS.ProcessEnv = process.env): string => {
  const named = given ?? environment['ORDERLINES_NATS_SERVER'];
  if (named) {
    if (isProgram(named)) return named;
    throw new StoreError('store.program-missing', `There is no nats-server at ${named}, or it may not be run.`);
  }
  const folders = [...(environment['PATH'] ?? '').split(delimiter), ...SERVER_FOLDERS];
  const found = folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'nats-server'))
    .find(isProgram);
  if (found) return found;
  throw new StoreError(
    'store.program-missing',
    'nats-server was not found. Install it ("sudo apt-get install nats-server", "brew install nats-server"), ' +
      'let ORDERLINES_NATS_SERVER name the program, or let ORDERLINES_NATS_URL name a running server with JetStream.',
  );
};

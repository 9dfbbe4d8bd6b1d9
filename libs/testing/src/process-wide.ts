import { runInThisContext } from 'node:vm';

/**
 * The globals of the process itself. Jest gives every test file its own globals, its own module registry and a copy of `process`
 * whose `exit` event never comes.
 */
const outer = runInThisContext('globalThis') as typeof globalThis & { [key: symbol]: unknown };

/** A value that all test files of one jest process share. */
export const processWide = <T>(name: string, make: () => T): T => {
  const key = Symbol.for(`orderlines.testing.${name}`);
  outer[key] ??= make();
  return outer[key] as T;
};

/** Runs a synchronous action when the process ends by itself. */
export const atProcessExit = (action: () => void): void => {
  outer.process.once('exit', action);
};

import events from 'node:events';

const KEY = Symbol.for('orderlines.testing.process-wide');

/**
 * A value that all test files of one jest process share. Jest gives every file its own globals and module registry; Node's own
 * modules are the only objects that are the same in all of them.
 */
export const processWide = <T>(name: string, make: () => T): T => {
  const holder = events as unknown as { [KEY]?: Map<string, unknown> };
  holder[KEY] ??= new Map();
  if (!holder[KEY].has(name)) holder[KEY].set(name, make());
  return holder[KEY].get(name) as T;
};

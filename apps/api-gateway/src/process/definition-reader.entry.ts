import { readDefinition } from '@orderlines/process-engine';
import { parentPort } from 'node:worker_threads';
import type { ReadingOrder, ReadingResult } from './definition-readers.js';

// The thread in which definitions are read: one of ten thousand nodes takes a second or more, in which the doors answer others.
parentPort?.on('message', ({ content, ...options }: ReadingOrder) => {
  // What is compiled cannot leave the thread, and only executors run it.
  const { compiled: _, ...result } = readDefinition(content, options);
  parentPort?.postMessage(result satisfies ReadingResult);
});

import { setTimeout as pause } from 'node:timers/promises';
import { relieveMemoryAtRest } from './memory-relief.js';

const GARBAGE = 2_000_000;

/** Leaves objects behind that nobody holds. */
const work = (): number => Array.from({ length: GARBAGE }, (_, index) => ({ index })).length;

describe('a service that rests', () => {
  it('gives back the memory that its work took', async () => {
    const stop = relieveMemoryAtRest(200);
    expect(work()).toBe(GARBAGE);
    const worked = process.memoryUsage().heapUsed;
    while (process.memoryUsage().heapUsed > worked - GARBAGE * 8) await pause(20);
    stop();
  });
});

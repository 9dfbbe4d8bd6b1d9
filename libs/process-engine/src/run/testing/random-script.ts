import type { Json } from '@orderlines/contracts';
import fc from 'fast-check';
import type { Played, Script } from './script.js';

const fate: fc.Arbitrary<Played> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4_000 }).map((after) => ({ after })) },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 0, max: 4_000 }).map((after) => ({ after, failure: { reason: 'user' as const, message: 'boom' } })),
  },
  { weight: 1, arbitrary: fc.boolean().map((idempotent) => ({ after: 700, lost: true, idempotent })) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 9_000 }).map((after) => ({ after, deaf: true })) },
  { weight: 1, arbitrary: fc.constant({ hangs: true }) },
  { weight: 1, arbitrary: fc.constant({ unclaimed: true }) },
);

const answers = fc.array(
  fc.record({
    after: fc.nat(9_000),
    by: fc.constantFrom('user:alice', 'user:bob', 'user:carol', 'user:tester', 'user:mallory', 'administrator:root'),
    rejects: fc.nat(4).map((n) => n === 0),
  }),
  { maxLength: 4 },
);
const signal = fc.option(fc.constantFrom<Json>(null, 7, { paid: true }), { nil: undefined });

/** The same fate for whatever type the node is: a task runs so, an approval gets these answers, a wait this signal. */
const played: fc.Arbitrary<Played> = fc
  .record({ fate, answers, signal })
  .map(({ fate: how, answers: given, signal: payload }) => ({ ...how, answers: given, ...(payload !== undefined && { signal: payload }) }));

/** Scripts for the nodes of random processes: every node meets several fates, one after another. */
export const anyScript: fc.Arbitrary<Script> = fc
  .array(fc.array(played, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((fates) =>
    Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`n${index}`, fates[index % fates.length] as readonly Played[]])),
  );

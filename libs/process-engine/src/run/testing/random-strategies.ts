import fc from 'fast-check';
import type { Json, JsonObject } from '@orderlines/contracts';

/** What is told when, beside the flow: every state occurs, and entries that fit two states of one ending. */
export const callbacks = fc.constantFrom<Json>(
  [],
  [],
  [{ states: ['FAILURE', 'SUCCESS', 'RETRY'], uses: 'tell' }],
  [{ states: ['STOP', 'SKIP', 'TIMEOUT'], uses: 'tell', with: { text: '${{ event.node }} ${{ event.status }}' } }],
  [
    { states: ['FAILURE', 'TIMEOUT', 'SKIP'], uses: 'tell' },
    { states: ['SUCCESS'], uses: 'tell', with: { n: '${{ vars.nothing }}' } },
  ],
);

/** `onError` of a node; `goto` gets its target when the flow is written. */
export const strategy = fc.constantFrom<Json>('raise', 'raise', 'raise', 'ignore', 'ignore', 'goto', 'goto', 'hold');

const repeats = fc.record(
  {
    limit: fc.integer({ min: 1, max: 3 }),
    delay: fc.constantFrom('0s', '2s', '${{ vars.n }}'),
    backoff: fc.constantFrom('fixed', 'linear', 'exponential'),
    factor: fc.constantFrom(1, 1.5, 3),
    maxDelay: fc.constantFrom('1s', '5s'),
    jitter: fc.constantFrom(0.2, 1),
    budget: fc.constantFrom('3s', '30s'),
    reasons: fc.constantFrom<Json>(
      ['infra', 'user'],
      ['infra', 'timeout.run', 'timeout.queue', 'timeout.heartbeat'],
      ['stopped', 'policy'],
    ),
    when: fc.constantFrom('${{ event.attempt < 3 }}', '${{ event.reason == "user" }}', '${{ tasks.n0.failed }}'),
  },
  { requiredKeys: ['limit'] },
);

/** `retry` of a node, or none. */
export const repeated: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<JsonObject>({}) },
  { weight: 1, arbitrary: repeats.map((retry): JsonObject => ({ retry })) },
);

/** Mostly off: a node that is passed over says little. */
export const disabled = fc.constantFrom<Json>(false, false, false, true, '${{ vars.n > 3 }}');

/** What a container gives instead of the results of its nodes. */
export const outputs = fc.constantFrom<JsonObject>({}, {}, {}, { outputs: { n: '${{ vars.n }}' } });

/** Arguments that read results, also large ones and what is in them, and secrets. */
export const args = fc.constantFrom<JsonObject>(
  {},
  {},
  {},
  { all: '${{ tasks.n0.result }}' },
  { n: '${{ tasks.n0.result.?big.?n.orValue(0) }}', all: '${{ tasks.n1.result }}' },
  { text: 'key ${{ secrets.key }}', size: '${{ size(secrets.key) }}' },
);

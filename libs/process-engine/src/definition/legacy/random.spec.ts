import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '@orderlines/contracts';
import { compile } from '../compile.js';
import type { NodeDocument } from '../document.js';
import { validate } from '../validate.js';
import { exportLegacy } from './export.js';
import { importLegacy } from './import.js';
import { runToEnd } from './testing/run.js';
import { definition, end, gateway, group, node, parallel, start, variable } from './testing/definitions.js';

const VARIABLES = [variable('n', 'int', '1'), variable('s', 'str', '2'), variable('x', 'None', 3)];
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

const id = fc.constantFrom(...NAMES);
const operand = fc.constantFrom<Json>('${n}', '${s}', '${x}', '${n}+1', '${s}+_x', '5', 5, 'text', true, null);
const item = fc.oneof(
  fc.record({ condition: operand, sign: fc.constantFrom('=', '!=', '>', '<='), target: operand }),
  fc.record({ condition: id, task_status: fc.constantFrom('SUCCESS', 'failure', 'Skip', 'TIMEOUT') }),
) as fc.Arbitrary<Json>;
const conditions = fc.array(fc.record({ task_id: id, condition: fc.array(item, { maxLength: 2 }) }), { minLength: 1, maxLength: 3 });
const next = fc.oneof({ weight: 5, arbitrary: id }, { weight: 1, arbitrary: fc.constant(null) });
const text = fc.constantFrom<Json>('${n}', '${n}*2-1', 'a ${s} b', '${s}+_end', 'costs $${n}', 'a ${{ b }}', 7, [1, '${x}'], {
  k: '${n}/2',
});
const settings = fc.constantFrom<Json>(
  null,
  { task_strategy: 'skip' },
  { task_strategy: 'RETRY', retry_time: 2, notice_type: ['SKIP', 'FAILURE'] },
  [{ config_name: 'task_timeout', config_value: '30' }],
);
const binding = fc.constantFrom<Json>(null, { result_key: 'add_value', variable_key: '${n}' });

/** Linked lists as people draw them: every id once, links among them, groups and lanes of ids that come later. */
const linked = fc
  .array(
    fc.record({
      kind: fc.constantFrom('task', 'task', 'task', 'gateway', 'end', 'group', 'parallel', 'assign'),
      next,
      conditions,
      text,
      settings,
      binding,
      count: fc.integer({ min: 1, max: 2 }),
    }),
    { minLength: 1, maxLength: NAMES.length },
  )
  .map((drawn) => {
    const known = NAMES.slice(0, drawn.length);
    const within = (target: string | null): Json => (target !== null && known.includes(target) ? target : null);
    const nodes = drawn.map((one, index): JsonObject => {
      const name = known[index] ?? '';
      const members = known.slice(index + 1, index + 1 + one.count);
      const links = { next_id: within(one.next), task_config: one.settings };
      switch (one.kind) {
        case 'end':
          return end(name);
        case 'gateway': {
          const ways = one.conditions.map((way) => ({ ...way, task_id: within(way.task_id) ?? known[0] ?? '' }));
          return gateway(name, ways as Json, null);
        }
        case 'group':
          return members.length === 0 ? node(name, links.next_id) : group(name, members, links.next_id, links);
        case 'parallel':
          return members.length === 0 ? node(name, links.next_id) : parallel(name, members, links.next_id, links);
        case 'assign': {
          const given = { variable_key: 's', variable_value: one.text };
          return node(name, links.next_id, { task_module: 'Variable', method_name: 'variable_reassign', method_kwargs: given });
        }
        default:
          return node(name, links.next_id, { ...links, method_kwargs: { a: one.text, b: 1 }, result_config: one.binding });
      }
    });
    return definition([start(known[0] ?? null), ...nodes], VARIABLES);
  });

const anything = fc.anything({ maxDepth: 3, withNullPrototype: true });
/** Anything at all in the places of a definition. */
const nonsense = fc.record(
  {
    process_info: fc.oneof(anything, fc.record({ process_name: anything, process_config: anything, process_params: anything })),
    variable: fc.oneof(anything, fc.array(fc.record({ variable_key: anything, variable_type: anything, variable_value: anything }))),
    task_nodes: fc.array(
      fc.record(
        {
          task_id: fc.oneof(id, anything),
          task_type: fc.oneof(fc.constantFrom('start', 'common', 'group', 'parallel', 'process_control'), anything),
          method_name: fc.oneof(fc.constantFrom('start', 'test_add'), anything),
          task_module: anything,
          method_kwargs: fc.oneof(
            anything,
            fc.record({ group_ids: anything, parallel_task_ids: anything, conditions: fc.array(anything) }),
          ),
          prev_id: anything,
          next_id: fc.oneof(id, anything),
          task_config: fc.oneof(anything, fc.record({ timeout: anything, task_strategy: anything, notice_type: anything })),
          result_config: anything,
        },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
);

const withCalls = (nodes: readonly NodeDocument[]): string[] =>
  nodes.flatMap((one) => [
    one.id,
    ...(one.type === 'group' ? withCalls(one.flow) : []),
    ...(one.type === 'parallel' ? Object.values(one.branches).flatMap(withCalls) : []),
  ]);

describe('any definition of the older format', () => {
  it('is imported or refused with reasons, whatever it holds, and is never changed', () => {
    fc.assert(
      fc.property(nonsense, (object) => {
        const before = fc.stringify(object);
        const { document, problems } = importLegacy(object);
        expect(fc.stringify(object)).toBe(before);
        expect(document === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
      }),
      { numRuns: 300 },
    );
  });

  it('becomes a document that is valid and can run, with every id at one place', () => {
    fc.assert(
      fc.property(linked, (object) => {
        const { document } = importLegacy(object);
        fc.pre(document !== undefined);
        expect(validate(document as unknown as Json).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(() => compile(document)).not.toThrow();
        const ids = withCalls(document.flow);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 300 },
    );
  });

  it('ends when it is run', () => {
    fc.assert(
      fc.property(linked, (object) => {
        const { document } = importLegacy(object);
        fc.pre(document !== undefined);
        expect(['SUCCESS', 'FAILURE']).toContain(runToEnd({ ...document, maxVisits: 5 }).status);
      }),
      { numRuns: 100 },
    );
  });

  it('is the same process after it was written back and read again', () => {
    fc.assert(
      fc.property(linked, (object) => {
        const { document, legacyId } = importLegacy(object);
        fc.pre(document !== undefined);
        const exported = exportLegacy(document, legacyId);
        expect(exported.problems).toEqual([]);
        const again = importLegacy(exported.object);
        expect(again.document).toEqual(document);
        expect(again.legacyId).toBe(legacyId);
      }),
      { numRuns: 300 },
    );
  });
});

import { Validator, type Schema } from '@cfworker/json-schema';
import type { Json } from '@orderlines/contracts';
import fc from 'fast-check';
import type { ProcessDocument } from './document.js';
import { exportYaml } from './export-yaml.js';
import { definitionJsonSchema } from './json-schema.js';
import { parseSource } from './parse.js';
import { compiledOf, withFlow } from './testing/definitions.js';
import { NIGHTLY, PROBE, RELEASE } from './testing/examples.js';

const EXAMPLES = [RELEASE, NIGHTLY, PROBE];

describe('YAML export', () => {
  it.each(EXAMPLES)('reads back to the same document', (text) => {
    const { document } = compiledOf(text);
    expect(compiledOf(exportYaml(document)).document).toEqual(document);
  });

  it('does not write what goes without saying', () => {
    expect(exportYaml(compiledOf(withFlow('  - { id: a, uses: x }')).document)).not.toContain('type: task');
    expect(exportYaml(compiledOf(withFlow('  - { id: a, uses: x, with: { uses: y, id: z, type: task } }')).document)).toContain(
      'type: task',
    );
  });

  it('quotes what other YAML readers would take for something else', () => {
    const { document } = compiledOf(
      withFlow('  - { id: a, uses: x, with: { a: "yes", b: "010", c: "1.10", d: "null", e: "2026-01-01", f: "a\\nb" } }'),
    );
    const yaml = exportYaml(document);
    expect(yaml).toContain("a: 'yes'");
    expect(compiledOf(yaml).document).toEqual(document);
  });

  it('keeps any text of a task', () => {
    const { document } = compiledOf(withFlow('  - { id: a, uses: x, with: { t: "" } }'));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const changed: ProcessDocument = {
          ...document,
          flow: [{ id: 'a', type: 'task', uses: 'x', with: { t: text.replaceAll('${{', '') } }],
        };
        expect(compiledOf(exportYaml(changed)).document).toEqual(changed);
      }),
    );
  });
});

describe('the JSON Schema for editors', () => {
  const validator = new Validator(definitionJsonSchema() as unknown as Schema, '2020-12');
  const valueOf = (text: string): Json => {
    const source = parseSource(text, { format: 'yaml' });
    return 'value' in source ? source.value : null;
  };

  it.each(EXAMPLES)('accepts what is right', (text) => {
    expect(validator.validate(valueOf(text))).toEqual({ valid: true, errors: [] });
  });

  it.each([
    ['an unknown key', withFlow('  - { id: a, uses: x, timout: 1s }')],
    ['an unknown type', withFlow('  - { id: a, type: forech }')],
    ['a missing id', withFlow('  - { uses: x }')],
    ['a bare number', withFlow('  - { id: a, uses: x, timeout: 10 }')],
  ])('refuses %s', (_, text) => {
    expect(validator.validate(valueOf(text)).valid).toBe(false);
  });

  it('describes every node type once, by name', () => {
    const { $defs } = definitionJsonSchema() as { $defs: Record<string, { description?: string }> };
    expect(Object.keys($defs).sort()).toEqual(
      [
        'Process',
        'Param',
        'Variable',
        'Callback',
        'Retry',
        'Flow',
        'Node',
        'TaskNode',
        'SwitchNode',
        'SwitchCase',
        'GroupNode',
        'ParallelNode',
        'DagNode',
        'ForeachNode',
        'AssignNode',
        'DelayNode',
        'ApprovalNode',
        'WaitNode',
        'Concurrency',
        'ProcessNode',
        'EndNode',
      ].sort(),
    );
    for (const definition of Object.values($defs)) expect(definition.description).toBeTruthy();
  });
});

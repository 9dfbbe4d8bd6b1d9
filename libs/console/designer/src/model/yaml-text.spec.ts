import { parseSource, processDocumentSchema, readDefinition } from '@orderlines/process-engine';
import fc from 'fast-check';
import { documents } from '../testing/documents.js';
import { changeNode, MAIN_FLOW } from './flows.js';
import { append } from './insert.js';
import { remove } from './remove.js';
import { yamlText } from './yaml-text.js';

const WRITTEN = `# Ships the shop.
apiVersion: orderlines/v1
kind: Process
name: ship # as people call it
flow:
  # What takes longest.
  - { id: build, uses: shell, with: { command: "make" } }
  - id: ship
    uses: shell # on the release machine
    with: { command: make ship }
`;

const read = (text: string) => {
  const source = parseSource(text, { format: 'yaml' });
  return processDocumentSchema.parse('value' in source && source.value);
};

describe('the YAML of an edited process', () => {
  it('is the text it was read from while nothing has changed', () => {
    expect(yamlText(read(WRITTEN), WRITTEN)).toBe(WRITTEN);
  });

  it('keeps comments around what has changed', () => {
    const changed = changeNode(
      append(read(WRITTEN), { id: 'tell', type: 'task', uses: 'log' }, MAIN_FLOW),
      'build',
      (node) => ({ ...node, timeout: '5m' }) as typeof node,
    );
    const text = yamlText(changed, WRITTEN);
    for (const comment of ['# Ships the shop.', '# as people call it', '# What takes longest.', '# on the release machine'])
      expect(text).toContain(comment);
    expect(readDefinition(text).document).toEqual(changed);
    expect(text).toContain('"make"');
  });

  it('loses a comment only with its node', () => {
    const text = yamlText(remove(read(WRITTEN), new Set(['ship'])), WRITTEN);
    expect(text).not.toContain('release machine');
    expect(text).toContain('# What takes longest.');
  });

  it('says what the document says, whatever the text was', () => {
    fc.assert(
      fc.property(documents, documents, (before, document) => {
        expect(readDefinition(yamlText(document, yamlText(before, ''))).document).toEqual(document);
      }),
      { numRuns: 60 },
    );
  });
});

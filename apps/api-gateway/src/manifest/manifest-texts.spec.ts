import fc from 'fast-check';
import { textsOf } from './manifest-texts.js';

const of = (content: string) =>
  textsOf({ name: 'a.yaml', content }).map(({ kind, linesBefore, content: text }) => [kind, linesBefore, text]);

describe('the things of a file', () => {
  it('stand between lines that begin with ---', () => {
    expect(of('kind: Variable\nname: a\n---\nkind: Schedule\n')).toEqual([
      ['Variable', 0, 'kind: Variable\nname: a\n'],
      ['Schedule', 2, '---\nkind: Schedule\n'],
    ]);
    expect(of('--- # first\nkind: Process\n').map(([kind]) => kind)).toEqual(['Process']);
  });

  it('are not where only comments and marks are', () => {
    expect(of('# nothing\n---\n---\n...\n\n')).toEqual([]);
  });

  it('are processes when they do not say what they are, and JSON is read as JSON', () => {
    expect(of('{"process_info": {}}').map(([kind]) => kind)).toEqual(['Process']);
    expect(of('{"kind": "Variable", "name": "x"}').map(([kind]) => kind)).toEqual(['Variable']);
    expect(of('{"kind": ').map(([kind]) => kind)).toEqual(['Process']);
  });

  it('are, put together, the file again', () => {
    const line = fc.constantFrom('---', '--- ', 'kind: Variable', 'a: 1', '  ---', '----', '# x');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const content = lines.join('\n');
        const texts = textsOf({ name: 'f', content });
        for (const { content: text, linesBefore } of texts) {
          expect(content.split('\n').slice(linesBefore).join('\n').startsWith(text)).toBe(true);
        }
        const rest = texts.reduce((left, { content: text }) => left.replace(text, ''), content);
        expect(rest.split('\n').every((left) => /^\s*(#.*)?$|^---\s*$/.test(left))).toBe(true);
      }),
    );
  });
});

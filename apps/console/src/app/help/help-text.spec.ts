import { anchorOf, headingsOf, helpLink, passagesWith, renderHelp } from './help-text.js';

const DOCUMENT = `# What a run does

Read [the format](definition.md#expressions), [the decision](adr/0001-workspace.md), or [CEL](https://cel.dev).

## States & ends

A \`task\` ends
once.

\`\`\`yaml
# no heading
\`\`\`

### Late results
`;

describe('a document of the help', () => {
  it('has the addresses of headings that GitHub gives them', () => {
    expect(anchorOf('States & ends')).toBe('states--ends');
    expect(anchorOf('What a run does, and when')).toBe('what-a-run-does-and-when');
  });

  it('tells its headings, and takes no comment of an example for one', () => {
    expect(headingsOf(DOCUMENT)).toEqual([
      { depth: 2, text: 'States & ends', anchor: 'states--ends' },
      { depth: 3, text: 'Late results', anchor: 'late-results' },
    ]);
  });

  it('leads to other documents within the console, to sites outside, and nowhere else', () => {
    expect(helpLink('engine', 'definition.md#expressions')).toBe('/help/definition#expressions');
    expect(helpLink('engine', '#states')).toBe('/help/engine#states');
    expect(helpLink('engine', 'https://cel.dev')).toBe('https://cel.dev');
    expect(helpLink('engine', 'adr/0001-workspace.md')).toBeUndefined();
    expect(helpLink('engine', 'javascript:alert(1)')).toBeUndefined();
    const html = renderHelp('engine', DOCUMENT);
    expect(html).toContain('<a href="/help/definition#expressions">the format</a>');
    expect(html).toContain('the decision, or');
  });

  it('is searched paragraph by paragraph, by all words, under the heading they stand in', () => {
    expect(passagesWith(DOCUMENT, ['task', 'once'])).toEqual([
      { heading: { depth: 2, text: 'States & ends', anchor: 'states--ends' }, text: 'A task ends once.' },
    ]);
    expect(passagesWith(DOCUMENT, ['task', 'twice'])).toEqual([]);
  });
});

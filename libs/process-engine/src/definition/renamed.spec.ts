import { hostsOf } from './hosts.js';
import { renamedSource } from './renamed.js';
import { compiledOf, withFlow } from './testing/definitions.js';

const TEXT = withFlow(`  - { id: call, uses: http.request, with: { url: 'https://API.example.org:8443/v1?x=1' } } # asks
  - { id: copy, uses: shell, with: { command: 'curl http://ada:secret@files.example.org/a && git clone ssh://git@code/x' } }
  - { id: any, uses: http.request, with: { url: 'https://\${{ params.version }}.example.org' } }`);

describe('a definition under another name', () => {
  const name = { namespace: 'team', name: 'copy' };
  const { document } = compiledOf(TEXT);

  it('keeps the comments of its YAML', () => {
    const { content, format } = renamedSource({ source: TEXT, sourceFormat: 'yaml', document }, name);
    expect({ format, comment: content.includes('# asks') }).toEqual({ format: 'yaml', comment: true });
    expect(compiledOf(content).document).toEqual({ ...document, ...name });
  });

  it.each(['json', 'legacy-yaml', 'legacy-json'])('reads back the same when it was written as %s', (sourceFormat) => {
    const source = sourceFormat === 'json' ? JSON.stringify(document) : 'process_info: {}';
    expect(compiledOf(renamedSource({ source, sourceFormat, document }, name).content).document).toEqual({ ...document, ...name });
  });
});

describe('the hosts of a definition', () => {
  it('are those of its addresses, without users, ports and what expressions make', () => {
    expect(hostsOf(compiledOf(TEXT).document)).toEqual(['api.example.org', 'code', 'files.example.org']);
  });
});

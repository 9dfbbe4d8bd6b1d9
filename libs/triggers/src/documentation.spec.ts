import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EVALUATION_OUTCOMES, PLATFORM_EVENT_TYPES, SIGNATURE_STYLES, TriggerBody } from '@orderlines/contracts';
import { parse } from 'yaml';
import { readTrigger } from './index.js';

const page = readFileSync(fileURLToPath(new URL('../../../docs/triggers.md', import.meta.url)), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => text);

describe('docs/triggers.md', () => {
  it.each(blocks)('shows triggers that can be saved: %s', (text) => {
    expect(readTrigger(TriggerBody.parse(parse(text))).problems).toEqual([]);
  });

  it('names every outcome, style of signature and event of the platform', () => {
    const told = (name: string) => page.includes(`\`${name}\``) || page.includes(`\`…${name.split('.').at(-1)}\``);
    expect([...EVALUATION_OUTCOMES, ...SIGNATURE_STYLES, ...PLATFORM_EVENT_TYPES].filter((name) => !told(name))).toEqual([]);
  });
});

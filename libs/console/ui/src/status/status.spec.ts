import { PROCESS_STATUSES, TASK_STATUSES } from '@orderlines/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookOf, STATUS_LOOKS } from './status.js';

const tokens = readFileSync(join(process.cwd(), 'src/styles/_tokens.scss'), 'utf8');

describe('the table of statuses', () => {
  it.each([...new Set([...PROCESS_STATUSES, ...TASK_STATUSES])])('has colours of both themes for %s', (status) => {
    const { tone } = STATUS_LOOKS[status];
    for (const name of [tone, `${tone}-soft`, `${tone}-fill`]) expect(tokens.match(new RegExp(`--${name}: `, 'g'))).toHaveLength(2);
  });

  it('gives every status an icon and a tone of its own', () => {
    const looks = Object.values(STATUS_LOOKS);
    expect(new Set(looks.map(({ tone }) => tone)).size).toBe(looks.length);
    expect(new Set(looks.map(({ icon }) => icon)).size).toBe(looks.length);
  });

  it('shows what is not known as something that waits', () => expect(lookOf('NEW')).toBe(STATUS_LOOKS.PENDING));
});

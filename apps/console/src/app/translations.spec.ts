import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(process.cwd(), '../..');
type Texts = { readonly [key: string]: string | Texts };

const textsOf = (language: string): Map<string, string> => {
  const files = globSync(`${ROOT}/{apps,libs}/console/**/src/i18n/${language}.json`);
  const flat = (texts: Texts, prefix = ''): [string, string][] =>
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : flat(value, `${prefix}${key}.`),
    );
  return new Map(files.flatMap((file) => flat(JSON.parse(readFileSync(file, 'utf8')) as Texts)));
};
const english = textsOf('en');
const chinese = textsOf('zh-CN');
const sources = globSync(`${ROOT}/{apps,libs}/console/**/src/**/*.{ts,html}`)
  .filter((file) => !file.endsWith('.spec.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const firstParts = [...new Set([...english.keys()].map((key) => key.split('.')[0] ?? ''))];
/** Everything in the sources that looks like a key: whole ones, and beginnings to which something is added. */
const mentioned = [...sources.matchAll(new RegExp(`['"\`]((?:${firstParts.join('|')})\\.[\\w.-]*)`, 'g'))].map(([, key]) => key ?? '');
const whole = new Set(mentioned.filter((key) => !key.endsWith('.')));
/** Whole objects of texts that are read at once. */
const objects = [...sources.matchAll(/translateObjectSignal\('([\w.]+)'\)/g)].map(([, key]) => `${key}.`);
const beginnings = [...new Set([...mentioned.filter((key) => key.endsWith('.')), ...objects])];

/** What expressions read of a run looks like a key, and is none. */
const EXPRESSION = /^run\.(id|number|namespace|process|version|origin|startedBy|logicalTime)$/;

describe('the texts of the console', () => {
  it('are the same ones in both languages', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('are each used somewhere', () => {
    const unused = [...english.keys()].filter((key) => !whole.has(key) && !beginnings.some((beginning) => key.startsWith(beginning)));
    expect(unused).toEqual([]);
  });

  it('are there for every key that is used', () => {
    // In double quotes stand expressions of templates, such as `run.status`.
    const keys = [...sources.matchAll(new RegExp(`['\`]((?:${firstParts.join('|')})\\.[\\w.-]*[\\w])['\`]`, 'g'))].map(
      ([, key]) => key ?? '',
    );
    const beginningsOfKeys = new Set(
      [...english.keys()].flatMap((key) => key.split('.').map((_, index, parts) => parts.slice(0, index).join('.'))),
    );
    const missing = keys.filter((key) => !EXPRESSION.test(key) && !english.has(key) && !beginningsOfKeys.has(key));
    expect(missing).toEqual([]);
  });

  it('name the same values in both languages', () => {
    const values = (text: string | undefined) => [...(text ?? '').matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name]) => name).sort();
    for (const [key, text] of english) expect([key, values(chinese.get(key))]).toEqual([key, values(text)]);
  });

  it('are Chinese where they should be', () => {
    const plain = [...chinese].filter(([, text]) => !/\p{Script=Han}/u.test(text)).map(([key]) => key);
    expect(plain.filter((key) => chinese.get(key) !== english.get(key))).toEqual([]);
  });
});

import type { ManifestBody } from '@orderlines/contracts';

/** One thing of a file. */
export interface ManifestText {
  readonly file: string;
  readonly content: string;
  /** Lines of the file that stand before it. */
  readonly linesBefore: number;
  /** As the text says it; a text that says none is a process, perhaps one of the older format. */
  readonly kind: string;
}

const PROCESS = 'Process';

/** The things of a file, cut where YAML cuts documents: at lines that begin with `---`. Empty ones are left out. */
export const textsOf = ({ name, content }: ManifestBody['files'][number]): ManifestText[] => {
  const texts: ManifestText[] = [];
  let [from, linesBefore] = [0, 0];
  const take = (until: number): void => {
    const text = content.slice(from, until);
    if (hasContent(text)) texts.push({ file: name, content: text, linesBefore, kind: kindOf(text) });
    linesBefore += text.split('\n').length - 1;
    from = until;
  };
  for (const { index } of content.matchAll(/^---(?=\s|$)/gm)) if (index > 0) take(index);
  take(content.length);
  return texts;
};

/** Comments and marks alone are nothing. */
const hasContent = (text: string): boolean => text.split('\n').some((line) => !/^\s*(#.*)?$|^(---|\.\.\.)\s*(#.*)?$/.test(line));

const kindOf = (text: string): string => {
  if (/^\s*\{/.test(text)) return kindOfJson(text);
  const [, kind] = /^kind:\s*["']?([A-Za-z]+)/m.exec(text) ?? [];
  return kind ?? PROCESS;
};

const kindOfJson = (text: string): string => {
  try {
    const value = JSON.parse(text) as { readonly kind?: unknown };
    return typeof value.kind === 'string' ? value.kind : PROCESS;
  } catch {
    // Whoever reads it as a process says what is wrong with it.
    return PROCESS;
  }
};

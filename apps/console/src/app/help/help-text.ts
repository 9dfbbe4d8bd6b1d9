import { Marked } from 'marked';
import { HELP_DOCUMENTS } from './help-documents.js';

/** A heading of a document. */
export interface Heading {
  readonly depth: number;
  readonly text: string;
  /** Its address within the document. */
  readonly anchor: string;
}

/** A place where a document says what was searched for. */
export interface Passage {
  readonly heading: Heading | undefined;
  readonly text: string;
}

/** Address of a heading, as GitHub makes it: links between the documents are written for both. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

/** Where a link of a document leads within the console; undefined: to nothing that the console has. */
export const helpLink = (name: string, href: string): string | undefined => {
  if (/^https?:/.test(href)) return href;
  const [file = '', anchor] = href.split('#');
  const target = file === '' ? name : /^([\w-]+)\.md$/.exec(file)?.[1];
  if (!HELP_DOCUMENTS.some((document) => document.name === target)) return undefined;
  return `/help/${target}${anchor === undefined ? '' : `#${anchor}`}`;
};

const PLAIN_MARKS = /[`*]|\[([^\]]*)\]\([^)]*\)/g;
const plain = (markdown: string): string => markdown.replace(PLAIN_MARKS, '$1').trim();

/** A document as HTML; links that lead nowhere in the console are plain words. */
export const renderHelp = (name: string, markdown: string): string => {
  const marked = new Marked({
    renderer: {
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        const target = helpLink(name, href);
        return target === undefined ? text : `<a href="${target}">${text}</a>`;
      },
      table(token) {
        const row = (cells: typeof token.header) => `<tr>${cells.map((cell) => this.tablecell(cell)).join('')}</tr>`;
        // Wide tables scroll by themselves, and can be reached with the keyboard for that.
        return `<div class="wide" tabindex="0"><table><thead>${row(token.header)}</thead><tbody>${token.rows.map(row).join('')}</tbody></table></div>`;
      },
      image: () => '',
    },
  });
  return marked.parse(markdown, { async: false });
};

/** Headings below the title, in their order; blocks of code have none. */
export const headingsOf = (markdown: string): Heading[] =>
  blocksOf(markdown).flatMap(({ heading, isHeading }) => (isHeading && heading && heading.depth > 1 ? [heading] : []));

/** Paragraphs, points of lists, rows of tables and lines of code that hold all the words, with the heading they stand under. */
export const passagesWith = (markdown: string, words: readonly string[]): Passage[] =>
  blocksOf(markdown)
    .filter(({ text }) => words.every((word) => text.toLowerCase().includes(word)))
    .map(({ heading, text }) => ({ heading, text: plain(text).replace(/^[#|\s-]+/, '') }));

interface Block {
  readonly text: string;
  /** What it stands under; its own for a heading. */
  readonly heading: Heading | undefined;
  readonly isHeading: boolean;
}

/** What begins something of its own, with no empty line before it: a heading, a point of a list, a row of a table, a fence. */
const BEGINNING = /^(#{1,4} |\s*[-*] |\s*\d+\. |\||```)/;

const blocksOf = (markdown: string): Block[] => {
  let heading: Heading | undefined;
  let isCode = false;
  const blocks: Block[] = [];
  let isOpen = false;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    const [, marks, title] = (!isCode && /^(#{1,4}) (.+)$/.exec(line)) || [];
    if (marks && title) heading = { depth: marks.length, text: plain(title), anchor: anchorOf(plain(title)) };
    const last = blocks.at(-1);
    if (last && isOpen && !isCode && line !== '' && !BEGINNING.test(line))
      blocks[blocks.length - 1] = { ...last, text: `${last.text} ${line}` };
    else blocks.push({ text: line, heading, isHeading: marks !== undefined });
    isOpen = line !== '' && marks === undefined;
  }
  return blocks;
};

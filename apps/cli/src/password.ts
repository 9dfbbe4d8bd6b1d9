import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { refused } from './command-error.js';
import type { Terminal } from './terminal.js';

/** Asks a person for a password without showing it; without a terminal there is nobody to ask. */
export const readPassword = async (terminal: Terminal, question: string): Promise<string> => {
  if (!terminal.input.isTTY) throw refused('there is no password, and no terminal to ask on', 'give it with -p');
  terminal.notices.write(question);
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: terminal.input, output: silence, terminal: true });
  try {
    return await reader.question('');
  } finally {
    reader.close();
    terminal.notices.write('\n');
  }
};

/** A value that nobody else sees: all of standard input but the end of its last line, or what a person is asked for at a terminal. */
export const readHidden = async (terminal: Terminal, question: string): Promise<string> =>
  terminal.input.isTTY ? readPassword(terminal, question) : (await text(terminal.input)).replace(/\r?\n$/, '');

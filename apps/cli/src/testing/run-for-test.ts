import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runCommandLine } from '../program.js';

/** Runs a command line without a terminal; gives its exit code and what it wrote. */
export const runForTest = async (
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly output: string; readonly notices: string }> => {
  const [output, notices] = [new PassThrough(), new PassThrough()];
  const code = await runCommandLine(argv, { environment: { HOME: '/nowhere', ...environment }, input: Readable.from([]), output, notices });
  output.end();
  notices.end();
  return { code, output: await text(output), notices: await text(notices) };
};

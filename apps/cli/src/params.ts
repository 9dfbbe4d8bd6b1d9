import { AnyJsonObject } from '@orderlines/contracts';
import { refused } from './command-error.js';
import { readDocument } from './documents.js';
import type { Terminal } from './terminal.js';

/** Parameters of a start: those of the file or object, then the single ones, which win. Single values are text; the server converts them. */
export const readParams = async (
  terminal: Terminal,
  fileOrJson: string | undefined,
  single: readonly string[],
): Promise<Record<string, unknown>> => ({
  ...(fileOrJson === undefined ? {} : await readObject(terminal, fileOrJson)),
  ...namesAndValues('--param', single),
});

/** Values given one by one as `name=value`. */
export const namesAndValues = (option: string, given: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw refused(`${option} ${pair}: a parameter is written name=value`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );

const readObject = async (terminal: Terminal, fileOrJson: string): Promise<Record<string, unknown>> => {
  const inline = fileOrJson.trimStart().startsWith('{');
  const where = inline ? '--params' : fileOrJson;
  const source = inline ? fileOrJson : await readDocument(fileOrJson, terminal);
  const value = inline ? parseJson(source) : await parseYaml(source, where);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused(`${where} is not an object of parameters`, 'write { "name": value, … }');
  }
  // Written as JSON for the server, an infinite number would become null.
  const { data, error } = AnyJsonObject.safeParse(value);
  if (data !== undefined) return data;
  throw refused(`${where}: ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
};

const parseJson = (source: string): unknown => {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw refused(`--params is not JSON: ${(error as Error).message}`);
  }
};

/** YAML 1.2 reads JSON as well. */
const parseYaml = async (source: string, where: string): Promise<unknown> => {
  const { parse } = await import('yaml');
  try {
    return parse(source) as unknown;
  } catch (error) {
    throw refused(`${where} cannot be read: ${(error as Error).message}`);
  }
};

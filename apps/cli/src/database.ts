import { CommandError, EXIT, refused, UnreachableError } from './command-error.js';
import type { Environment } from './terminal.js';

/** The database that a command works on directly. */
export const databaseUrl = (environment: Environment, command: string): string => {
  const url = environment['ORDERLINES_DATABASE_URL'];
  if (url && URL.canParse(url) && /^postgres(ql)?:/.test(url)) return url;
  throw refused(
    url
      ? 'ORDERLINES_DATABASE_URL is not the address of a Postgres database'
      : `${command} works on the database itself and does not know where it is`,
    'set ORDERLINES_DATABASE_URL=postgres://user:password@host:port/database',
  );
};

/** Does work on the database; connections and logins that fail end as exit code 3, without the password in the message. */
export const reaching = async <T>(url: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const place = new URL(url).host;
    const code = codeOf(error);
    if (/^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|57P03|53300)/.test(code)) {
      throw new UnreachableError(`cannot reach the database at ${place} (${code})`, 'is it running? see ORDERLINES_DATABASE_URL');
    }
    if (/^(28|3D000|42501)/.test(code)) {
      throw new CommandError(`the database at ${place} does not let us in: ${(error as Error).message}`, EXIT.unreachable);
    }
    throw error;
  }
};

/** Connection errors of several addresses come as one without a code of its own. */
const codeOf = (error: unknown): string => {
  const { code, errors } = error as { code?: unknown; errors?: unknown[] };
  if (typeof code === 'string') return code;
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : '';
};

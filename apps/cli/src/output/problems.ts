import type { Problem } from '@orderlines/contracts';

/** One problem as a line in the way of compilers: `file:line:column: error: message (code at path)`. */
export const problemLine = ({ line, column, severity, message, code, path }: Problem, file?: string): string => {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${place ? `${place}: ` : ''}${severity}: ${message} (${code}${path ? ` at ${path}` : ''})`;
};

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { TaskFailure } from '../task-failure.js';

/** How programs that tasks often need are installed on Debian, and on macOS. */
const INSTALL: Readonly<Record<string, string>> = {
  bash: 'apt-get install bash (macOS has it)',
  python3: 'apt-get install python3, or brew install python',
  node: 'see https://nodejs.org',
  git: 'apt-get install git, or brew install git',
};

/** Path of a program on the path of the worker; throws a {@link TaskFailure} that names it and says how to install it. */
export const findProgram = async (name: string, path: string): Promise<string> => {
  const candidates = isAbsolute(name) ? [name] : path.split(delimiter).map((folder) => join(folder, name));
  for (const candidate of candidates) {
    if (
      await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      )
    ) {
      return candidate;
    }
  }
  const hint = INSTALL[name] ?? `install it, or put its folder on the PATH of the worker`;
  throw new TaskFailure('plugin', `${name} is not installed on this worker: ${hint}. Searched: ${path}`, {
    code: 'interpreter.missing',
    detail: { program: name },
  });
};

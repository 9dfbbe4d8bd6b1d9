import { refused } from './command-error.js';

/** What the pass over argv must know of the program. */
export interface KnownCommands {
  /** Names of one command in one list: `runserver` and `run-server` are the same. */
  readonly commands: readonly (readonly string[])[];
  /** Options before the command that take a value, e.g. `--url`. */
  readonly valueOptions: readonly string[];
  /** Commands whose own arguments belong to another program and stay as they are. */
  readonly untouched: readonly string[];
}

/** Options of the original that commander cannot read: one dash, several letters. */
const ORIGINAL_OPTIONS: Readonly<Record<string, string>> = {
  '-p_id': '--process-id',
  '-ps_id': '--process-instance-id',
  '-id': '--process-table-id',
};

/**
 * Makes the original's way of writing readable for commander: its `-p_id -ps_id -id` become long options, long options may be written
 * with underscores, and a unique prefix of a command's name stands for the command.
 */
export const readableArguments = (argv: readonly string[], known: KnownCommands): string[] => {
  const at = commandIndex(argv, known.valueOptions);
  const typed = argv[at];
  if (typed === undefined) return argv.map(readableOption);
  const command = completeCommand(typed, known.commands);
  const rest = argv.slice(at + 1);
  return [...argv.slice(0, at).map(readableOption), command, ...(known.untouched.includes(command) ? rest : readableRest(rest))];
};

/** Index of the command: the first argument that is neither an option nor the value of one. */
const commandIndex = (argv: readonly string[], valueOptions: readonly string[]): number =>
  argv.findIndex((argument, index) => !argument.startsWith('-') && !valueOptions.includes(argv[index - 1] ?? ''));

/** Everything behind `--` is a value, however it looks. */
const readableRest = (rest: readonly string[]): string[] => {
  const end = rest.indexOf('--');
  return end < 0 ? rest.map(readableOption) : [...rest.slice(0, end).map(readableOption), ...rest.slice(end)];
};

const readableOption = (argument: string): string => {
  const [, name = argument, value = ''] = /^(-[^=]*)(=.*)?$/s.exec(argument) ?? [];
  const original = ORIGINAL_OPTIONS[name];
  if (original) return original + value;
  return /^--[a-z][a-z_-]*$/.test(name) ? name.replaceAll('_', '-') + value : argument;
};

const completeCommand = (typed: string, commands: KnownCommands['commands']): string => {
  if (commands.some((names) => names.includes(typed))) return typed;
  const candidates = commands.map((names) => names.filter((name) => name.startsWith(typed))).filter((names) => names.length > 0);
  if (candidates.length > 1) throw refused(`\`${typed}\` could be ${candidates.flat().join(', ')}`, 'type a few letters more');
  return candidates[0]?.[0] ?? typed;
};

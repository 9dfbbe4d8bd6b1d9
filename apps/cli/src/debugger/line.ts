import { DebugAction } from '@orderlines/contracts';

/** What a person typed at a stop. */
export type DebuggerLine =
  | { readonly kind: 'action'; readonly action: DebugAction }
  | { readonly kind: 'quit' | 'help' | 'show' }
  | { readonly kind: 'mistake'; readonly message: string };

/** What can be typed, for people. */
export const DEBUGGER_HELP = `step              run the node and stop before the next one of its flow
into              begin the container and stop before the first node inside
continue          run on to the next breakpoint
inputs {…}        replace the inputs of the task, a JSON object
mock …            take this result (JSON) instead of running the node; for a switch {"case": "name"}
vars name=value … write variables
skip              pass the node over
rerun             run the node before it once more
break <node> …    set breakpoints; clear <node> … removes them
show              show the stops again
stop              stop the run
quit              leave; the run stays where it is
With several stops a number says which, e.g. \`2 step\`.`;

/** Words whose meaning is known by their first letters, as long as these are clear. */
const WORDS = ['step', 'into', 'continue', 'inputs', 'mock', 'vars', 'skip', 'rerun', 'break', 'clear', 'show', 'stop', 'quit', 'help'];

/** Reads a line; `stops` are the executions that are stopped, in the order shown. */
export const readDebuggerLine = (line: string, stops: readonly string[]): DebuggerLine => {
  const [, number, typed = '', rest = ''] = /^\s*(\d+)?\s*(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
  const candidates = WORDS.includes(typed) ? [typed] : WORDS.filter((word) => word.startsWith(typed));
  const [word] = candidates;
  if (typed === '' || word === undefined) return mistake(`\`${typed}\` is no word of the debugger; \`help\` lists them`);
  if (candidates.length > 1) return mistake(`\`${typed}\` could be ${candidates.join(', ')}`);
  if (word === 'quit' || word === 'help' || word === 'show') return { kind: word };
  const task = number === undefined ? undefined : stops[Number(number) - 1];
  if (number !== undefined && task === undefined) return mistake(`there is no stop ${number}`);
  return actionOf(word, rest, task === undefined ? {} : { task });
};

const actionOf = (word: string, rest: string, target: { readonly task?: string }): DebuggerLine => {
  const nodes = rest.split(/\s+/).filter(Boolean);
  switch (word) {
    case 'inputs':
    case 'mock': {
      const value = parseJson(rest);
      if (value === undefined) return mistake(`\`${rest}\` is not JSON; write e.g. ${word} {"name": 1}`);
      return checked({ ...target, action: word, ...(word === 'mock' ? { result: value } : { input: value }) });
    }
    case 'vars':
      return checked({ action: 'variables', values: Object.fromEntries(nodes.map(nameAndValue)) });
    case 'break':
      return checked({ action: 'breakpoints', set: nodes });
    case 'clear':
      return checked({ action: 'breakpoints', clear: nodes });
    case 'stop':
      return checked({ action: 'stop' });
    default:
      return checked({ ...target, action: word });
  }
};

const checked = (given: unknown): DebuggerLine => {
  const { data, error } = DebugAction.safeParse(given);
  if (data) return { kind: 'action', action: data };
  return mistake(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
};

const nameAndValue = (pair: string): [string, unknown] => {
  const at = pair.indexOf('=');
  const value = pair.slice(at + 1);
  return [at < 0 ? pair : pair.slice(0, at), parseJson(value) ?? value];
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const mistake = (message: string): DebuggerLine => ({ kind: 'mistake', message });

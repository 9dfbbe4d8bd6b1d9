// The program of a warm child process. It imports nothing of ours, so that Node can also run this file as it stands.
import { inspect } from 'node:util';
import { createContext, Script } from 'node:vm';
import type { JavaScriptCall, JavaScriptReport } from './javascript-call.js';

/** Lines that one call may log; a loop that logs must not fill the channel to the worker. */
const LINES_LIMIT = 10_000;

/** Answers calls over the channel to the parent process, each in a fresh context, until the parent is gone. */
export const serveJavaScriptCalls = (): void => {
  process.on('message', (call: JavaScriptCall) => void answer(call));
  process.on('disconnect', () => process.exit(0));
  // What a former call left behind (a promise, a callback) must not end the process of a later one.
  process.on('uncaughtException', () => undefined);
  process.on('unhandledRejection', () => undefined);
};

const answer = async (call: JavaScriptCall): Promise<void> => {
  const timers = new Set<NodeJS.Timeout>();
  let open = true;
  const say = (report: JavaScriptReport) => {
    if (open) process.send?.(report);
  };
  try {
    const returned: unknown = await run(call, say, timers);
    const json: string | undefined = JSON.stringify(returned);
    say({ id: call.id, kind: 'returned', ...(json === undefined ? {} : { json }) });
  } catch (error) {
    say({ id: call.id, kind: 'threw', ...described(error) });
  }
  open = false;
  for (const timer of timers) clearTimeout(timer);
};

const run = (call: JavaScriptCall, say: (report: JavaScriptReport) => void, timers: Set<NodeJS.Timeout>): unknown => {
  const context = createContext({ ...webGlobals, ...timerGlobals(timers), console: consoleOf(call.id, say), input: call.input });
  const setVariable = (name: unknown, value: unknown) => {
    const json: string | undefined = JSON.stringify(value);
    if (typeof name !== 'string' || json === undefined) throw new TypeError('setVariable(name, value) wants a name and a JSON value');
    say({ id: call.id, kind: 'variable', name, json });
  };
  Object.assign(context, { setVariable });
  PREPARE.runInContext(context);
  // The offset makes line numbers in messages those of the code.
  const script = new Script(`(async () => {\n${call.code}\n})()`, { filename: 'code.js', lineOffset: -1 });
  return script.runInContext(context) as unknown;
};

const PREPARE = new Script('{ const given = JSON.parse(input); delete globalThis.input; Object.assign(globalThis, given); }');

const webGlobals = {
  fetch,
  URL,
  URLSearchParams,
  TextEncoder,
  TextDecoder,
  AbortController,
  AbortSignal,
  Buffer,
  atob,
  btoa,
  crypto,
  structuredClone,
  queueMicrotask,
};

const timerGlobals = (timers: Set<NodeJS.Timeout>) => {
  const kept =
    (start: (callback: () => void, delay?: number) => NodeJS.Timeout) =>
    (callback: (...given: unknown[]) => void, delay?: number, ...given: unknown[]) => {
      const timer = start(() => callback(...given), delay);
      timers.add(timer);
      return timer;
    };
  return { setTimeout: kept(setTimeout), setInterval: kept(setInterval), clearTimeout, clearInterval };
};

const consoleOf = (id: number, say: (report: JavaScriptReport) => void) => {
  let lines = 0;
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (...values: unknown[]) => {
      const text = values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' ');
      for (const line of text.split('\n')) {
        lines += 1;
        if (lines < LINES_LIMIT) say({ id, kind: 'log', level, text: line });
        else if (lines === LINES_LIMIT)
          say({ id, kind: 'log', level: 'warn', text: `… more than ${LINES_LIMIT} lines: the rest is not kept` });
      }
    };
  return {
    log: write('info'),
    info: write('info'),
    debug: write('debug'),
    trace: write('debug'),
    warn: write('warn'),
    error: write('error'),
  };
};

const described = (error: unknown): { message: string; stack: string } => {
  // An error of another context is no instance of this one's Error.
  const { message, stack, name } = (error ?? {}) as { message?: unknown; stack?: unknown; name?: unknown };
  if (typeof message !== 'string') return { message: `It threw ${inspect(error)}`, stack: '' };
  return {
    message: typeof name === 'string' ? `${name}: ${message}` : message,
    stack: typeof stack === 'string' ? stack.slice(0, 8_000) : '',
  };
};

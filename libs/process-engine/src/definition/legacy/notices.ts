import { CALLBACK_STATES, type CallbackDocument } from '../document-fields.js';
import type { CallbackState } from '../compiled.js';
import { methodOf } from './modules.js';
import type { Path, Report } from './report.js';
import { asWritten } from './written.js';
import { own } from '../../variables/value.js';

/** The older product recorded a time-out as FAILURE, so whoever asked for failures was told of both. */
const STATES: Readonly<Record<string, readonly CallbackState[]>> = {
  SUCCESS: ['SUCCESS'],
  FAILURE: ['FAILURE', 'TIMEOUT'],
  TIMEOUT: ['TIMEOUT'],
  SKIP: ['SKIP'],
  RETRY: ['RETRY'],
  STOP: ['STOP'],
};

const ENDING = "${{ event.error == null ? '' : event.error.message }} ${{ run.url }}";

/** What a mail about a node says. */
const NODE_MAIL = { subject: '${{ run.process }}: ${{ event.name }} ${{ event.status }}', text: ENDING };

/** What a mail about a run says. */
const RUN_MAIL = { subject: '${{ run.process }} ${{ run.status }}', text: ENDING };

/** What any other method is told, under the names the older product used. */
const TOLD = {
  process_name: '${{ run.process }}',
  node_info: { task_id: '${{ event.node }}', task_name: '${{ event.name }}' },
  error_info: "${{ event.error == null ? '' : event.error.message }}",
  status: '${{ event.status }}',
};

/** States in a `notice_type`: one word, words in a list or in one text; FAILURE when nothing is written, none for an empty list. */
export function noticeStates(written: unknown, path: Path, report: Report): CallbackState[] {
  const words = (Array.isArray(written) ? written : [written ?? ''])
    .flatMap((entry: unknown) =>
      asWritten(entry ?? '')
        .toUpperCase()
        .split(/[^A-Z]+/),
    )
    .filter((word) => word !== '');
  if (words.length === 0) return Array.isArray(written) ? [] : [...(STATES.FAILURE ?? [])];
  if (words.length === 1 && words[0] === 'NONE') return [];
  const states = words.flatMap((word) => {
    const known = own(STATES, word);
    if (known === undefined) {
      report.error(path, 'unknown-state', `A notice can be about SUCCESS, FAILURE, TIMEOUT, SKIP, RETRY or STOP, not about \`${word}\`.`);
    }
    return known ?? [];
  });
  return CALLBACK_STATES.filter((state) => states.includes(state));
}

/** The callbacks of a node. */
export function nodeCallbacks(
  states: readonly CallbackState[],
  method: { module: string; name: string },
  path: Path,
  taskTypes: ReadonlySet<string>,
  report: Report,
): CallbackDocument[] {
  if (states.length === 0) return [];
  const known = methodOf(method.module, method.name, taskTypes);
  if (known?.kind !== 'task') {
    report.error(
      path,
      'unknown-module',
      `No task type takes the place of \`${method.module}.${method.name}\`, which is to be called back.`,
    );
    return [];
  }
  return [{ states: [...states], uses: known.uses, with: known.uses === 'email.send' ? { ...NODE_MAIL } : known.arguments({ ...TOLD }) }];
}

/** The callbacks of a run: always a mail. */
export const runCallbacks = (states: readonly CallbackState[]): CallbackDocument[] =>
  states.length === 0 ? [] : [{ states: [...states], uses: 'email.send', with: { ...RUN_MAIL } }];

/** States as a `notice_type` names them. */
export const noticeWords = (states: readonly CallbackState[]): string[] =>
  Object.keys(STATES).filter((word) => states.includes(word as CallbackState) && !(word === 'TIMEOUT' && states.includes('FAILURE')));

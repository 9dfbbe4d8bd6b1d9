import type { NodeDocument } from '../document.js';
import type { CallbackDocument } from '../document-fields.js';
import type { ArgumentConverter } from './arguments.js';
import type { Identifiers } from './identifiers.js';
import { methodOf, splitName } from './modules.js';
import { noticeStates, runCallbacks } from './notices.js';
import { durationOf, numberOf } from './numbers.js';
import type { Path, Report } from './report.js';
import { DEFAULT_PROCESS_SECONDS, DEFAULT_TASK_SECONDS, isOff } from './settings.js';
import type { LegacyHeader, LegacySource } from './source.js';
import { asWritten } from './written.js';

interface HeaderTools {
  readonly identifiers: Identifiers;
  readonly converter: ArgumentConverter;
  readonly taskTypes: ReadonlySet<string>;
  readonly report: Report;
}

/** The keys of a document around its params, variables and flow. */
export interface Header {
  readonly before: {
    apiVersion: 'orderlines/v1';
    kind: 'Process';
    namespace: string;
    name: string;
    description?: string;
    labels?: Record<string, string>;
  };
  readonly after: { timeout: string; callbacks?: CallbackDocument[]; setup?: NodeDocument[]; teardown?: NodeDocument[] };
}

/** Turns `process_info` into the head of a document. */
export function headerOf(source: LegacySource, tools: HeaderTools): Header {
  const { header, headerPath } = source;
  const description = header.desc ?? (typeof header.process_desc === 'string' ? header.process_desc : undefined);
  const labels = labelsOf(header);
  const config = header.process_config ?? {};
  const place = [...headerPath, 'process_config'];
  const callbacks = isOff(config.is_send) ? [] : runCallbacks(noticeStates(config.notice_type, [...place, 'notice_type'], tools.report));
  const setup = methodNode('setup', config.setup, [...place, 'setup'], tools);
  const teardown = methodNode('teardown', config.teardown, [...place, 'teardown'], tools);
  return {
    before: {
      apiVersion: 'orderlines/v1',
      kind: 'Process',
      namespace: namespaceOf(header, headerPath, tools.report),
      name: nameOf(header, headerPath, tools.report),
      ...(description === undefined || description.trim() === '' ? {} : { description }),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
    },
    after: {
      timeout: timeoutOf(config.timeout, [...place, 'timeout'], tools.report),
      ...(callbacks.length === 0 ? {} : { callbacks }),
      ...(setup === undefined ? {} : { setup: [setup] }),
      ...(teardown === undefined ? {} : { teardown: [teardown] }),
    },
  };
}

/** Kept for people and for the export; nothing reads them in a run. */
function labelsOf(header: LegacyHeader): Record<string, string> {
  const { creator, version, version_desc, process_type } = header;
  const type = process_type === 'orderlines' ? undefined : process_type;
  const kept = Object.entries({ creator, version, version_desc, process_type: type });
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].trim() !== ''));
}

function nameOf(header: LegacyHeader, path: Path, report: Report): string {
  const written = header.process_name?.trim() || header.process_id;
  if (written === undefined || written === null) {
    report.error([...path, 'process_name'], 'no-name', 'The process needs a name: `process_name`.');
    return 'unnamed';
  }
  const name = written
    .replaceAll(/[/@\p{C}]+/gu, '-')
    .slice(0, 128)
    .trim();
  if (name !== written)
    report.note(`The process \`${written}\` is called \`${name}\`: a name has up to 128 characters, without \`/\` and \`@\`.`);
  return name;
}

function namespaceOf(header: LegacyHeader, path: Path, report: Report): string {
  const written = header.namespace?.trim() || 'default';
  const namespace = written.replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-').slice(0, 64);
  if (namespace !== written) report.note(`The namespace \`${written}\` is written \`${namespace}\` (${[...path, 'namespace'].join('.')}).`);
  return namespace;
}

function timeoutOf(written: unknown, path: Path, report: Report): string {
  if (written === undefined || written === null || written === '') return durationOf(DEFAULT_PROCESS_SECONDS);
  const seconds = numberOf(written);
  if (seconds !== undefined && seconds > 0 && seconds <= 366 * 86_400) return durationOf(seconds);
  report.error(path, 'wrong-number', `\`${asWritten(written)}\` cannot be the time-out of a process; it is a number of seconds above 0.`);
  return durationOf(DEFAULT_PROCESS_SECONDS);
}

/** `setup` and `teardown` of the older product were one method each. */
function methodNode(id: string, written: unknown, path: Path, tools: HeaderTools): NodeDocument | undefined {
  if (written === undefined || written === null || written === '') return undefined;
  const { name, method_kwargs: given } = (typeof written === 'string' ? { name: written } : written) as Record<string, unknown>;
  if (typeof name !== 'string' || name.trim() === '') return undefined;
  const { module, method } = splitName(name.trim());
  const known = methodOf(module, method, tools.taskTypes);
  if (known?.kind !== 'task') {
    tools.report.error(
      [...path, 'name'],
      'unknown-module',
      `No task type takes the place of \`${name}\`; a plugin can bring one of that name.`,
    );
    return undefined;
  }
  const converted = tools.converter.values(typeof given === 'object' && given !== null ? given : {}, [...path, 'method_kwargs']);
  return {
    id: tools.identifiers.claim(id),
    type: 'task',
    uses: known.uses,
    with: known.arguments(converted),
    timeout: durationOf(DEFAULT_TASK_SECONDS),
  };
}

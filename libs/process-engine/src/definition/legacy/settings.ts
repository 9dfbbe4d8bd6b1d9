import type { CallbackDocument, RetryDocument } from '../document-fields.js';
import { durationOf, numberOf } from './numbers.js';
import { nodeCallbacks, noticeStates } from './notices.js';
import type { LinkedNode } from './nodes.js';
import type { Path, Report } from './report.js';
import { asWritten } from './written.js';
import { own } from '../../variables/value.js';

/** Limit of a task that has none of its own, as the older product had it. */
export const DEFAULT_TASK_SECONDS = 120;
/** Limit of a process that has none of its own, as the older product had it. */
export const DEFAULT_PROCESS_SECONDS = 7200;
/** Calls of a task with the strategy `retry` that names no number. */
const DEFAULT_CALLS = 3;
/** Seconds between two calls when nothing is written. */
const DEFAULT_PAUSE_SECONDS = 1;
const LONGEST_SECONDS = 366 * 86_400;

/** How a node runs, from its `task_config`. */
export interface Settings {
  readonly timeout?: string;
  readonly retry?: RetryDocument;
  readonly onError?: 'ignore';
  readonly callbacks?: CallbackDocument[];
  readonly runner?: 'io' | 'cpu';
  readonly maxConcurrency?: number;
}

interface Setting {
  readonly value: unknown;
  readonly path: Path;
}

const KNOWN = new Set([
  ...['timeout', 'task_timeout', 'task_strategy', 'retry_time', 'sleep_time', 'notice_type', 'callback_module', 'callback_func'],
  ...['runner', 'pool_size', 'is_state', 'is_corner', 'is_send'],
]);

const STRATEGIES = new Set(['raise', 'retry', 'skip']);
const RUNNERS: Readonly<Record<string, 'io' | 'cpu'>> = { gevent: 'io', process: 'cpu' };

/** Reads the settings of nodes. */
export class SettingsReader {
  private readonly known = new Map<string, Settings>();

  constructor(
    private readonly taskTypes: ReadonlySet<string>,
    private readonly report: Report,
  ) {}

  /** All settings of a node that mean something for its kind; mistakes are reported once. */
  of(node: LinkedNode): Settings {
    const settings = this.known.get(node.id) ?? this.read(node);
    this.known.set(node.id, settings);
    return settings;
  }

  private read(node: LinkedNode): Settings {
    const settings = this.collect(node);
    const strategy = this.strategy(settings.get('task_strategy'));
    if (strategy === 'retry' && node.kind === 'gateway') {
      const message = `\`${node.id}\` only decides, which gives the same again; it is not repeated.`;
      this.report.warning([...node.source.path, 'task_config'], 'no-retry-here', message);
    }
    const timeout = this.timeout(node, settings);
    const callbacks = this.callbacks(node, settings);
    return {
      ...(timeout === undefined ? {} : { timeout }),
      ...(strategy === 'retry' && node.kind !== 'gateway' ? this.retry(settings) : {}),
      ...(strategy === 'skip' && node.kind !== 'gateway' ? { onError: 'ignore' as const } : {}),
      ...(callbacks.length === 0 ? {} : { callbacks }),
      ...(node.kind === 'parallel' ? this.parallel(settings) : {}),
    };
  }

  /** True when a failure of the node goes on to the next. */
  skips(node: LinkedNode): boolean {
    return rawSettings(node).some(([name, { value }]) => name === 'task_strategy' && asWritten(value).toLowerCase() === 'skip');
  }

  private collect(node: LinkedNode): Map<string, Setting> {
    const settings = new Map<string, Setting>();
    for (const [name, setting] of rawSettings(node)) {
      if (!KNOWN.has(name))
        this.report.warning(setting.path, 'unknown-setting', `The setting \`${name}\` is not known to the older format and is left out.`);
      else if (setting.value !== null && setting.value !== undefined && setting.value !== '') settings.set(name, setting);
    }
    return settings;
  }

  private strategy(setting: Setting | undefined): string {
    if (setting === undefined) return 'raise';
    const strategy = asWritten(setting.value).toLowerCase();
    if (STRATEGIES.has(strategy)) return strategy;
    this.report.error(
      setting.path,
      'unknown-strategy',
      `The strategy \`${asWritten(setting.value)}\` is not known; it is one of raise, retry and skip.`,
    );
    return 'raise';
  }

  private retry(settings: Map<string, Setting>): { retry?: RetryDocument } {
    const calls = this.number(settings.get('retry_time'), DEFAULT_CALLS, 'the number of calls', 1, 10_001);
    const pause = this.number(settings.get('sleep_time'), DEFAULT_PAUSE_SECONDS, 'the pause in seconds', 0, LONGEST_SECONDS);
    if (!Number.isInteger(calls)) {
      this.report.error(settings.get('retry_time')?.path ?? [], 'wrong-number', `The number of calls is a whole number, not ${calls}.`);
      return {};
    }
    return calls === 1 ? {} : { retry: { limit: calls - 1, delay: durationOf(pause) } };
  }

  /** Gateways take no time, and a group never had a limit unless one was written. */
  private timeout(node: LinkedNode, settings: Map<string, Setting>): string | undefined {
    if (node.kind === 'gateway') return undefined;
    const setting = settings.get('timeout') ?? settings.get('task_timeout');
    if (setting === undefined && node.kind !== 'task') return undefined;
    return durationOf(this.number(setting, DEFAULT_TASK_SECONDS, 'the time-out in seconds', 0.001, LONGEST_SECONDS));
  }

  /** Without a method a mail is sent. Nodes that only order others, whose failure the run's own mail tells, send it on request. */
  private callbacks(node: LinkedNode, settings: Map<string, Setting>): CallbackDocument[] {
    const asked = ['notice_type', 'callback_module', 'callback_func'].some((name) => settings.has(name));
    if (!asked && node.kind !== 'task') return [];
    if (isOff(settings.get('is_send')?.value)) return [];
    const path = [...node.source.path, 'task_config'];
    const notice = settings.get('notice_type');
    const states = noticeStates(notice?.value, notice?.path ?? path, this.report);
    const module = settings.get('callback_module');
    const name = settings.get('callback_func');
    const method = { module: asWritten(module?.value ?? 'Email'), name: asWritten(name?.value ?? 'send_msg') };
    return nodeCallbacks(states, method, module?.path ?? name?.path ?? path, this.taskTypes, this.report);
  }

  private parallel(settings: Map<string, Setting>): Settings {
    const runner = settings.get('runner');
    const pool = settings.get('pool_size');
    const kind = runner === undefined ? undefined : own(RUNNERS, asWritten(runner.value).toLowerCase());
    if (runner !== undefined && kind === undefined) {
      this.report.error(runner.path, 'unknown-runner', `The runner \`${asWritten(runner.value)}\` is not known; it is gevent or process.`);
    }
    const size = pool === undefined ? undefined : Math.ceil(this.number(pool, 1, 'the size of the pool', 1, 10_000));
    return { ...(kind === undefined ? {} : { runner: kind }), ...(size === undefined ? {} : { maxConcurrency: size }) };
  }

  /** A number, also written as text. */
  private number(setting: Setting | undefined, otherwise: number, what: string, least: number, most: number): number {
    if (setting === undefined) return otherwise;
    const number = numberOf(setting.value);
    if (number !== undefined && number >= least && number <= most) return number;
    this.report.error(
      setting.path,
      'wrong-number',
      `\`${asWritten(setting.value)}\` cannot be ${what}; it is a number from ${least} to ${most}.`,
    );
    return otherwise;
  }
}

/** The settings as they are written: an object, or the list of the older console. */
function rawSettings(node: LinkedNode): [string, Setting][] {
  const written = node.source.task_config;
  const path = [...node.source.path, 'task_config'];
  if (written === null || written === undefined || written === '') return [];
  if (!Array.isArray(written)) return Object.entries(written).map(([name, value]) => [name, { value, path: [...path, name] }]);
  return written.map((entry, index) => [
    asWritten(entry.config_name ?? ''),
    { value: entry.config_value, path: [...path, index, 'config_value'] },
  ]);
}

/** False, however it was written. */
export const isOff = (value: unknown): boolean =>
  value === false || value === 0 || (typeof value === 'string' && ['false', '0', 'no', 'off'].includes(value.trim().toLowerCase()));

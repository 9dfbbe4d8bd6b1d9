import { parseDuration, type EngineSettings } from '@orderlines/process-engine';
import type { Pool } from 'pg';

const KEPT_MS = 5_000;
/** What holds when a parameter is missing or unreadable. */
const DEFAULTS: EngineSettings = {
  taskTimeoutMs: 3_600_000,
  processTimeoutMs: 86_400_000,
  graceMs: 10_000,
  teardownTimeoutMs: 600_000,
  callbackTimeoutMs: 300_000,
};
const PARAMETERS: Readonly<Record<keyof EngineSettings, string>> = {
  taskTimeoutMs: 'task_timeout',
  processTimeoutMs: 'process_timeout',
  graceMs: 'grace',
  teardownTimeoutMs: 'teardown_timeout',
  callbackTimeoutMs: 'callback_timeout',
};

/** System parameters of the engine, read again when they are older than five seconds. */
export class Settings {
  private values: EngineSettings | undefined;
  private readAt = -Infinity;
  private reading: Promise<EngineSettings> | undefined;

  constructor(private readonly pool: Pool) {}

  /** The parameters; while they are read again the old ones serve. */
  async current(): Promise<EngineSettings> {
    if (performance.now() - this.readAt > KEPT_MS) {
      this.reading ??= this.read().finally(() => (this.reading = undefined));
      if (this.values === undefined) return this.reading;
      this.reading.catch(() => undefined);
    }
    return this.values ?? DEFAULTS;
  }

  private async read(): Promise<EngineSettings> {
    const { rows } = await this.pool.query<{ name: string; value: unknown }>({
      name: 'settings',
      text: 'select name, value from system.parameter where name = any($1)',
      values: [Object.values(PARAMETERS)],
    });
    const given = new Map(rows.map(({ name, value }) => [name, typeof value === 'string' ? parseDuration(value) : undefined]));
    const value = (key: keyof EngineSettings) => given.get(PARAMETERS[key]) ?? DEFAULTS[key];
    this.readAt = performance.now();
    this.values = {
      taskTimeoutMs: value('taskTimeoutMs'),
      processTimeoutMs: value('processTimeoutMs'),
      graceMs: value('graceMs'),
      teardownTimeoutMs: value('teardownTimeoutMs'),
      callbackTimeoutMs: value('callbackTimeoutMs'),
    };
    return this.values;
  }
}

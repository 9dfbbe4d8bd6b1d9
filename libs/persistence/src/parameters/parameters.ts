import {
  DEFAULT_PARAMETER_VALUES,
  PARAMETERS,
  readParameter,
  type Json,
  type ParameterName,
  type ParameterValues,
} from '@orderlines/contracts';
import { repeat, type Logger, type Repetition } from '@orderlines/service-host';
import type { Pool } from 'pg';

/** How often a service looks whether a parameter was changed: a change takes effect within five seconds. */
const LOOK_MS = 2_000;

/** System parameters as a service reads them: at hand at once, and never older than a few seconds while Postgres answers. */
export class Parameters {
  private values: ParameterValues = DEFAULT_PARAMETER_VALUES;
  private version: string | undefined;
  private readonly listeners = new Set<(values: ParameterValues) => void>();
  private repetition: Repetition | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly logger: Logger,
  ) {}

  /** Reads them now, if Postgres answers, and looks for changes from then on. */
  async start(): Promise<void> {
    await this.look().catch((error: unknown) => this.failed(error));
    this.repetition = repeat({ everyMs: LOOK_MS, round: () => this.look(), failed: (error) => this.failed(error) });
  }

  /** Looks no more. */
  async stop(): Promise<void> {
    await this.repetition?.stop();
  }

  /** The value that holds now: milliseconds for a duration. */
  get<Name extends ParameterName>(name: Name): ParameterValues[Name] {
    return this.values[name];
  }

  /** All values that hold now; the same object until one of them changes. */
  get current(): ParameterValues {
    return this.values;
  }

  /** Tells what holds after each change, until the returned function is called. */
  onChange(listener: (values: ParameterValues) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** One look; everything is read again when something was changed. */
  async look(): Promise<void> {
    const { rows } = await this.pool.query<{ name: string; value: Json; version: string }>({
      name: 'parameters',
      text: 'select name, value, version from system.parameter order by name limit 1000',
    });
    const version = rows.map((row) => `${row.name}:${row.version}`).join(' ');
    if (version === this.version) return;
    this.version = version;
    this.values = { ...DEFAULT_PARAMETER_VALUES, ...this.readable(rows) };
    for (const listener of this.listeners) listener(this.values);
  }

  /** Rows of other releases, or edited by hand into what no value can be, leave the default as it is. */
  private readable(rows: readonly { readonly name: string; readonly value: Json }[]): Partial<ParameterValues> {
    const known = rows.flatMap(({ name, value }) => {
      if (!(name in PARAMETERS)) return [];
      const read = readParameter(name as ParameterName, value);
      if (read === undefined) this.logger.warn({ parameter: name }, 'a system parameter cannot be read; its default holds');
      return read === undefined ? [] : [[name, read] as const];
    });
    return Object.fromEntries(known) as Partial<ParameterValues>;
  }

  private failed(error: unknown): void {
    this.logger.warn({ err: error }, 'could not look at the system parameters; those of before hold');
  }
}

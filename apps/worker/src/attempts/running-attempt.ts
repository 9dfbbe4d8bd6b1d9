import type { Json, JsonObject } from '@orderlines/contracts';
import type { FinishedMessage, TaskMessage } from '@orderlines/messaging';
import {
  findProgram,
  runTask,
  StopOrder,
  toJson,
  type LogLevel,
  type ProcessGroups,
  type TaskContext,
  type TaskOutcome,
  type TaskType,
} from '@orderlines/plugin-sdk';
import type { AttemptSecrets } from './attempt-secrets.js';
import type { AttemptFolders } from '../folders/worker-folders.js';
import type { AttemptLog } from '../logs/attempt-log.js';
import { failed, type AttemptValues } from '../values/attempt-values.js';

/** What an attempt runs with. */
export interface AttemptSurroundings {
  readonly folders: AttemptFolders;
  readonly log: AttemptLog;
  readonly values: AttemptValues;
  readonly secrets: AttemptSecrets;
  readonly processGroups: ProcessGroups;
  /** Where programs are searched. */
  readonly path: string;
}

/** What an executor granted. */
export interface Grant {
  readonly token: string;
  readonly params?: JsonObject;
  readonly variables?: JsonObject;
}

/** How an attempt ended, as far as it goes into the message. */
export type AttemptEnd = Pick<FinishedMessage, 'outcome' | 'variables' | 'logChunks'> & { readonly bytes: number };

/** Largest sum of the variables a task sets, in bytes of JSON: with a full result the message stays below its limit. */
const VARIABLES_LIMIT_BYTES = 128 * 1024;

/** One attempt on this worker: keeps its time limits and carries out orders to stop. */
export class RunningAttempt {
  private readonly abort = new AbortController();
  private readonly variables: { [name: string]: Json } = {};
  private heartbeatTimer: NodeJS.Timeout | undefined;
  private silent = false;

  constructor(
    readonly message: TaskMessage,
    private readonly grant: Grant,
    private readonly type: TaskType,
    private readonly surroundings: AttemptSurroundings,
  ) {}

  get token(): string {
    return this.grant.token;
  }

  /** True: nobody wants to hear how it ends. */
  get isSilent(): boolean {
    return this.silent;
  }

  /** TERM, then KILL after the order's grace. The first order counts. */
  stop(order: StopOrder): void {
    if (this.abort.signal.aborted) return;
    this.surroundings.log.stopPacing();
    this.abort.abort(order);
  }

  /** The attempt belongs to somebody else by now: it is killed without a word. */
  stopSilently(): void {
    this.silent = true;
    this.stop(new StopOrder('stopped', 'The attempt is not known any more', 0));
  }

  /** Runs it to its end; never throws. */
  async run(): Promise<AttemptEnd> {
    const { timeoutMs, graceMs } = this.message;
    const timeout = setTimeout(
      () => this.stop(new StopOrder('timeout.run', `It ran longer than its timeout of ${describeMs(timeoutMs)}`, graceMs)),
      Math.min(timeoutMs, LONGEST_TIMER_MS),
    );
    this.signOfLife();
    const outcome = await this.perform();
    clearTimeout(timeout);
    clearTimeout(this.heartbeatTimer);
    return this.end(outcome);
  }

  /** Fetches what the inputs refer to, and stores what the result is too large to carry, while the attempt is still held. */
  private async perform(): Promise<TaskOutcome> {
    const { values, secrets } = this.surroundings;
    const { input, collect = [] } = this.message;
    const { params = {}, variables = {} } = this.grant;
    let opened: Json[];
    try {
      opened = [
        secrets.open(await values.open(input)),
        secrets.hide(await values.open(params)),
        secrets.hide(await values.open(variables)),
      ];
    } catch (error) {
      return failed(error);
    }
    const [inputs, ...roots] = opened;
    const outcome = await runTask(this.type, inputs, this.context(roots as JsonObject[]));
    return values.sendAhead(secrets.outcome(outcome), collect);
  }

  private end(outcome: TaskOutcome): AttemptEnd {
    const variables = checkedVariables(this.variables);
    const reported = 'problem' in variables && outcome.status === 'SUCCESS' ? withProblem(outcome.result, variables.problem) : outcome;
    const given = 'values' in variables && Object.keys(variables.values).length > 0 ? { variables: variables.values } : {};
    const bytes = 500 + ('result' in reported && reported.result !== undefined ? JSON.stringify(reported.result).length : 0);
    return { outcome: reported as FinishedMessage['outcome'], ...given, logChunks: this.surroundings.log.end(), bytes };
  }

  private context([params = {}, given = {}]: readonly JsonObject[]): TaskContext {
    const { message, surroundings, abort, variables } = this;
    return {
      taskInstanceId: message.taskInstanceId,
      attempt: message.attempt,
      node: message.node,
      run: message.run,
      params,
      variables: given,
      get workFolder() {
        return surroundings.folders.work;
      },
      get stateFolder() {
        return surroundings.folders.state;
      },
      signal: abort.signal,
      processGroups: surroundings.processGroups,
      log: (level: LogLevel, text: string) => {
        this.signOfLife();
        return surroundings.log.write(level, surroundings.secrets.line(text));
      },
      heartbeat: () => this.signOfLife(),
      setVariable: (name, value) => void (variables[name] = surroundings.secrets.seal(value)),
      interpreter: (name) => findProgram(name, surroundings.path),
    };
  }

  private signOfLife(): void {
    const { heartbeatTimeoutMs, graceMs } = this.message;
    if (heartbeatTimeoutMs === undefined || this.abort.signal.aborted) return;
    if (this.heartbeatTimer !== undefined) {
      this.heartbeatTimer.refresh();
      return;
    }
    const message = `It gave no sign of life for its heartbeatTimeout of ${describeMs(heartbeatTimeoutMs)}`;
    const end = () => this.stop(new StopOrder('timeout.heartbeat', message, graceMs));
    this.heartbeatTimer = setTimeout(end, Math.min(heartbeatTimeoutMs, LONGEST_TIMER_MS));
  }
}

/** A longer timer would fire at once; nobody runs a task for more than 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const describeMs = (milliseconds: number): string =>
  milliseconds < 10_000 ? `${milliseconds} ms` : `${Math.round(milliseconds / 1_000)} s`;

const checkedVariables = (given: { [name: string]: Json }): { values: JsonObject } | { problem: string } => {
  try {
    const { json, bytes } = toJson(given, 'What it set as variables');
    if (bytes > VARIABLES_LIMIT_BYTES)
      return { problem: `The variables it set are ${bytes} bytes long; at most ${VARIABLES_LIMIT_BYTES} are kept` };
    return { values: json as JsonObject };
  } catch (error) {
    return { problem: (error as Error).message };
  }
};

const withProblem = (result: Json, message: string): TaskOutcome => ({
  status: 'FAILURE',
  failure: { reason: 'plugin', message, code: 'variables.unusable' },
  result,
});

import { DEFAULT_PARAMETER_VALUES, type ParameterValues } from '@orderlines/contracts';
import type { Parameters } from '@orderlines/persistence/postgres';
import { compileCallbacks, type CompiledCallback, type CompiledRetry, type EngineSettings } from '@orderlines/process-engine';

/** The system parameters as the engine takes them; made anew when one of them was changed. */
export class Settings {
  private read: ParameterValues = DEFAULT_PARAMETER_VALUES;
  private settings = engineSettings(DEFAULT_PARAMETER_VALUES);

  constructor(private readonly parameters: Pick<Parameters, 'current'>) {}

  /** What holds now; the same object until something is changed. */
  current(): EngineSettings {
    const { current } = this.parameters;
    if (current !== this.read) {
      this.settings = engineSettings(current);
      this.read = current;
    }
    return this.settings;
  }
}

const ON_ERROR = { RAISE: 'raise', RETRY: 'raise', IGNORE: 'ignore', HOLD: 'hold' } as const;

const engineSettings = (parameters: ParameterValues): EngineSettings => ({
  taskTimeoutMs: parameters.task_timeout,
  processTimeoutMs: parameters.process_timeout,
  graceMs: parameters.grace,
  teardownTimeoutMs: parameters.teardown_timeout,
  callbackTimeoutMs: parameters.callback_timeout,
  taskOnError: ON_ERROR[parameters.task_strategy],
  ...(parameters.task_strategy === 'RETRY' && { taskRetry: taskRetry(parameters) }),
  runCallbacks: notices(parameters),
});

/** The older system counts the first attempt as well. */
const taskRetry = ({ retry_time, sleep_time }: ParameterValues): CompiledRetry => ({
  ...{ limit: retry_time - 1, delay: { kind: 'literal', value: sleep_time } },
  ...{ backoff: 'fixed', factor: 1, jitter: 0 },
});

const NOTICED = {
  NONE: [],
  FAILURE: ['FAILURE', 'TIMEOUT'],
  SUCCESS: ['SUCCESS'],
  ALL: ['SUCCESS', 'FAILURE', 'TIMEOUT', 'STOP'],
} as const;

/** How people are told of the ends of runs whose process says nothing about it. */
const notices = ({ notice_type, callback_module, notice_to }: ParameterValues): readonly CompiledCallback[] => {
  const to = notice_to.trim();
  if (notice_type === 'NONE' || callback_module === 'NONE' || to === '') return [];
  const states = [...NOTICED[notice_type]];
  if (callback_module === 'EMAIL') {
    const recipients = to.split(',').map((address) => address.trim());
    const message = { to: recipients, subject: '${{ run.process }} ${{ run.status }}', text: '${{ run.url }}' };
    return compileCallbacks([{ states, uses: 'email.send', with: message }]);
  }
  const json = { process: '${{ run.process }}', status: '${{ run.status }}', url: '${{ run.url }}', error: '${{ event.error }}' };
  return compileCallbacks([{ states, uses: 'http.request', with: { method: 'POST', url: to, json } }]);
};

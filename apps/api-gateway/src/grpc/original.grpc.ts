import type { Principal } from '@orderlines/auth';
import { StartInstanceBody } from '@orderlines/contracts';
import type { originalRpc } from '@orderlines/rpc';
import type { Logger } from '@orderlines/service-host';
import type { Functions } from '../gateway.module.js';
import { problemOf } from '../problems/problem-details.js';
import { RequestRefused } from '../problems/request-refused.js';
import type { Handlers } from './handlers.js';
import { parseRequest } from './requests.js';

/** A request that names a file of the server. */
type FileRequest = originalRpc.BuildProcessByJsonRequest | originalRpc.BuildProcessByYamlRequest;

const DONE = { code: 200, message: 'success' } as const;
/** What `run_type` of the original is called here. */
const ORIGINS: Readonly<Record<string, 'schedule' | 'event'>> = { schedule: 'schedule', trigger: 'event' };

/** `OrderlinesService` of the original: errors stand in `code` and `message` of a normal reply, as its clients expect. */
export const originalService = (
  { definitions, instances, schedules }: Functions,
  handlers: Handlers,
  logger: Logger,
): originalRpc.OrderlinesServiceServer => {
  const method = <Request, Reply extends { code: number; message: string }>(
    empty: Omit<Reply, 'code' | 'message'>,
    answer: (request: Request, principal: Principal) => Promise<Reply>,
  ) =>
    handlers.unary<Request, Reply>(async (request, principal) => {
      try {
        return await answer(request, principal);
      } catch (error) {
        const { problem, expected } = problemOf(error);
        if (!expected) logger.error({ err: error }, 'a call of the original interface failed');
        const problems = (problem.errors ?? []).map(({ message, path, line }) => `${line ? `line ${line}: ` : ''}${path}: ${message}`);
        return { ...empty, code: problem.status, message: [problem.detail, ...problems].join('\n') } as Reply;
      }
    });
  return {
    startProcess: method({ processInstanceId: '' }, async ({ processId, runType, dry, clearDb }, principal) => {
      refuse({ clearDb });
      const body = parseRequest(StartInstanceBody, { process: processId, origin: ORIGINS[runType] ?? 'api' });
      if (dry) {
        const plan = await instances.plan(body, { principal });
        return { code: 200, message: `checked only: ${plan.steps.length} steps, nothing was started`, processInstanceId: '' };
      }
      const { id } = await instances.start(body, { principal });
      return { ...DONE, processInstanceId: id };
    }),
    stopProcess: method({ taskInstanceIds: '' }, async ({ processInstanceId, stopSchedule }, principal) => {
      const { runningTasks } = await instances.operate(processInstanceId, { name: 'stop', force: false }, { principal });
      if (stopSchedule) await schedules.withRun(processInstanceId, 'pause', principal);
      return { ...DONE, taskInstanceIds: runningTasks.join(',') };
    }),
    pausedProcess: method({}, async ({ processInstanceId, stopSchedule }, principal) => {
      await instances.operate(processInstanceId, { name: 'pause' }, { principal });
      if (stopSchedule) await schedules.withRun(processInstanceId, 'pause', principal);
      return DONE;
    }),
    recoverProcess: method({}, async ({ processInstanceId, recoverSchedule }, principal) => {
      await instances.operate(processInstanceId, { name: 'resume' }, { principal });
      if (recoverSchedule) await schedules.withRun(processInstanceId, 'resume', principal);
      return DONE;
    }),
    buildProcessByJson: method<FileRequest, originalRpc.BuildProcessResponse>({ processId: '' }, refuseFile),
    buildProcessByYaml: method<FileRequest, originalRpc.BuildProcessResponse>({ processId: '' }, refuseFile),
    buildProcessByDict: method({ processId: '' }, async ({ processInfo, taskNode, variable, clearDb }, principal) => {
      refuse({ clearDb });
      const content = definitionOf({ process_info: processInfo, task_nodes: taskNode, variable: variable || '[]' });
      const { saved } = await definitions.build({ content, format: 'json', draft: false, dry: false }, principal);
      return { ...DONE, processId: saved.id ?? '' };
    }),
  };
};

const refuse = ({ clearDb }: { readonly clearDb: boolean }): void => {
  if (clearDb) throw refused('clear_db is not possible: definitions, runs and their history are kept. Call again without it.');
};

const refuseFile = async (): Promise<never> => {
  throw refused(
    'Files of the server are not read. Send the content: BuildProcessByDict here, ProcessService.BuildProcess, or `orderlines build-process-by-yaml -f`.',
  );
};

const refused = (message: string): RequestRefused => new RequestRefused('original.refused', message, 400);

/** One definition of the older format from its parts, each JSON text. */
const definitionOf = (parts: Readonly<Record<string, string>>): string => {
  const values = Object.entries(parts).map(([name, text]) => {
    try {
      return [name, JSON.parse(text) as unknown];
    } catch (error) {
      throw refused(`${name === 'task_nodes' ? 'task_node' : name} is not JSON: ${(error as Error).message}`);
    }
  });
  return JSON.stringify(Object.fromEntries(values), null, 2);
};

import type { Json } from '../json.js';
import { parameterSchema, type ParameterDefinition, type ParameterValue } from './parameter.js';

/**
 * The system parameters: the one list of what can be changed while the platform runs. The first eight are those of the older orderlines,
 * by its names. Add one here and read it with `Parameters.get`; doors, command line and console need nothing more.
 */
export const PARAMETERS = {
  stop_all_schedule: {
    kind: 'boolean',
    default: false,
    description: { en: 'No schedule fires while this is on.', zh: '开启后所有定时计划都不触发。' },
    readBy: ['scheduler'],
  },
  retry_time: {
    kind: 'integer',
    default: 3,
    min: 1,
    max: 1_000,
    unit: 'attempts',
    description: {
      en: 'How often a task without a retry of its own is tried in all, when task_strategy is RETRY.',
      zh: 'task_strategy 为 RETRY 时，未设置重试的任务总共执行的次数。',
    },
    readBy: ['executor'],
  },
  sleep_time: {
    kind: 'duration',
    default: '1s',
    min: '0s',
    max: '1d',
    description: { en: 'Pause before each of these repeats.', zh: '上述每次重试之前的等待时间。' },
    readBy: ['executor'],
  },
  task_timeout: {
    kind: 'duration',
    default: '1h',
    min: '1s',
    max: '366d',
    description: { en: 'Limit of an attempt of a task that has none of its own.', zh: '未设置超时的任务每次尝试的时限。' },
    readBy: ['executor'],
  },
  process_timeout: {
    kind: 'duration',
    default: '1d',
    min: '1s',
    max: '366d',
    description: { en: 'Limit of a run whose process has none of its own.', zh: '未设置超时的流程的运行时限。' },
    readBy: ['executor'],
  },
  notice_type: {
    kind: 'choice',
    choices: ['NONE', 'FAILURE', 'SUCCESS', 'ALL'],
    default: 'FAILURE',
    description: {
      en: 'Which ends of a run without callbacks of its own are told by callback_module.',
      zh: '未设置回调的流程在哪些结束状态下由 callback_module 发送通知。',
    },
    readBy: ['executor'],
  },
  task_strategy: {
    kind: 'choice',
    choices: ['RAISE', 'RETRY', 'IGNORE', 'HOLD'],
    default: 'RAISE',
    description: {
      en: 'What becomes of a failed task that says nothing itself: its flow fails, it is repeated first, passed over, or held for a person.',
      zh: '未设置失败策略的任务失败后：流程失败、先重试、跳过，或保留等待人工处理。',
    },
    readBy: ['executor'],
  },
  callback_module: {
    kind: 'choice',
    choices: ['NONE', 'EMAIL', 'HTTP'],
    default: 'NONE',
    description: {
      en: 'How ends of runs are told: by e-mail to the addresses, or by a POST to the URL, of notice_to.',
      zh: '流程结束通知的方式：向 notice_to 中的地址发送邮件，或向其中的 URL 发送 POST 请求。',
    },
    readBy: ['executor'],
  },
  notice_to: {
    kind: 'text',
    default: '',
    pattern: '[^\\p{Cc}]*',
    description: {
      en: 'Addresses with commas between them, or one URL; empty: nobody is told.',
      zh: '以逗号分隔的邮件地址，或一个 URL；为空则不通知。',
    },
    readBy: ['executor'],
  },
  grace: {
    kind: 'duration',
    default: '10s',
    min: '0s',
    max: '1h',
    description: { en: 'From TERM to KILL when a task is stopped.', zh: '停止任务时从 TERM 到 KILL 的间隔。' },
    readBy: ['executor'],
  },
  teardown_timeout: {
    kind: 'duration',
    default: '10m',
    min: '1s',
    max: '366d',
    description: { en: 'Limit of a teardown from its start.', zh: '后置流程从开始起的时限。' },
    readBy: ['executor'],
  },
  callback_timeout: {
    kind: 'duration',
    default: '5m',
    min: '1s',
    max: '1d',
    description: { en: 'Limit of each callback.', zh: '每个回调的时限。' },
    readBy: ['executor'],
  },
  run_retention: {
    kind: 'duration',
    default: '0s',
    min: '0s',
    max: '366d',
    description: {
      en: 'Runs that ended longer ago are deleted, with their logs, results and files; 0s: never.',
      zh: '结束超过此时间的流程实例连同日志、结果和文件一起删除；0s 表示不删除。',
    },
    readBy: ['executor'],
  },
  log_retention: {
    kind: 'duration',
    default: '0s',
    min: '0s',
    max: '366d',
    description: {
      en: 'Log lines of runs that ended longer ago are deleted; 0s: with their run.',
      zh: '结束超过此时间的流程实例的日志被删除；0s 表示随实例删除。',
    },
    readBy: ['executor'],
  },
  api_log_retention: {
    kind: 'duration',
    default: '30d',
    min: '1h',
    max: '366d',
    description: { en: 'Entries of the API log that are older are deleted.', zh: '早于此时间的接口日志被删除。' },
    readBy: ['api-gateway'],
  },
  access_mode: {
    kind: 'choice',
    choices: ['both', 'roles', 'groups'],
    default: 'both',
    description: {
      en: 'What gives people rights: their own roles, their groups, or both. Roles that everybody has in a namespace always count.',
      zh: '权限来源：用户自己的角色、所在的组，或两者。命名空间的默认角色始终有效。',
    },
    readBy: ['api-gateway'],
  },
  self_registration: {
    kind: 'boolean',
    default: false,
    description: {
      en: 'People may register themselves; they have no rights until somebody lets them in.',
      zh: '允许自行注册；经他人批准之前没有任何权限。',
    },
    readBy: ['api-gateway'],
  },
} as const satisfies Readonly<Record<string, ParameterDefinition>>;

/** Name of a system parameter. */
export type ParameterName = keyof typeof PARAMETERS;
/** Names of all system parameters. */
export const PARAMETER_NAMES = Object.keys(PARAMETERS) as ParameterName[];

/** What services read, by name. */
export type ParameterValues = { readonly [Name in ParameterName]: ParameterValue<(typeof PARAMETERS)[Name]> };

/** The value of a parameter as it is stored; undefined when it is none (of a later release, or edited by hand). */
export const readParameter = <Name extends ParameterName>(name: Name, stored: Json): ParameterValues[Name] | undefined => {
  const read = parameterSchema(PARAMETERS[name]).safeParse(stored);
  return read.success ? (read.data as ParameterValues[Name]) : undefined;
};

/** What holds while nobody has changed anything. */
export const DEFAULT_PARAMETER_VALUES: ParameterValues = Object.fromEntries(
  PARAMETER_NAMES.map((name) => [name, readParameter(name, PARAMETERS[name].default)]),
) as ParameterValues;

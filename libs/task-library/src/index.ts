import type { TaskTypeManifest } from '@orderlines/contracts';
import type { ProcessGroups, TaskType } from '@orderlines/plugin-sdk';
import { emailSendTask, type SmtpSettings } from './email-send/email-send.task.js';
import { failTask } from './fail/fail.task.js';
import { fileWriteTask } from './file-write/file-write.task.js';
import { DEFAULT_DENIED, type AddressSettings } from './http-request/address-rules.js';
import { httpRequestTask } from './http-request/http-request.task.js';
import { javascriptTask } from './javascript/javascript.task.js';
import { logTask } from './log/log.task.js';
import { mathTask } from './math/math.task.js';
import { scriptTask } from './script/script.task.js';
import { shellTask } from './shell/shell.task.js';
import { sleepTask } from './sleep/sleep.task.js';

export type { SmtpSettings } from './email-send/email-send.task.js';
export { DEFAULT_DENIED, type AddressSettings } from './http-request/address-rules.js';

/** What the standard tasks take from the configuration of their worker. */
export interface StandardTaskSettings {
  /** Where programs are searched: the worker's PATH. */
  readonly path: string;
  /** The program of warm JavaScript processes, built. */
  readonly javascriptChild: URL;
  /** Groups that must end with the worker. */
  readonly processGroups?: ProcessGroups;
  /** Absent: mail is switched off. */
  readonly smtp?: SmtpSettings;
  /** Which addresses tasks may call. */
  readonly addresses?: AddressSettings;
}

/** The standard task types, made for one worker. */
export const standardTasks = (settings: StandardTaskSettings): TaskType[] => [
  shellTask(settings.path),
  scriptTask(settings.path),
  javascriptTask({
    path: settings.path,
    childProgram: settings.javascriptChild,
    ...(settings.processGroups === undefined ? {} : { processGroups: settings.processGroups }),
  }),
  httpRequestTask(settings.addresses ?? { allow: [], deny: DEFAULT_DENIED }),
  emailSendTask(settings.smtp),
  fileWriteTask(),
  logTask(),
  sleepTask(),
  failTask(),
  mathTask(),
];

/** The manifests of the standard task types, as data: what is checked offline. */
export const taskTypeCatalogue = (): TaskTypeManifest[] =>
  standardTasks({ path: '', javascriptChild: new URL('file:///') }).map(({ manifest }) => manifest);

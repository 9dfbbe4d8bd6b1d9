import type { TaskTypeManifest } from '@orderlines/contracts';
import type { TaskType } from '@orderlines/plugin-sdk';
import { failTask } from './fail/fail.task.js';
import { fileWriteTask } from './file-write/file-write.task.js';
import { logTask } from './log/log.task.js';
import { mathTask } from './math/math.task.js';
import { scriptTask } from './script/script.task.js';
import { shellTask } from './shell/shell.task.js';
import { sleepTask } from './sleep/sleep.task.js';

/** What the standard tasks take from the configuration of their worker. */
export interface StandardTaskSettings {
  /** Where programs are searched: the worker's PATH. */
  readonly path: string;
}

/** The standard task types, made for one worker. */
export const standardTasks = (settings: StandardTaskSettings): TaskType[] => [
  shellTask(settings.path),
  scriptTask(settings.path),
  logTask(),
  failTask(),
  sleepTask(),
  fileWriteTask(),
  mathTask(),
];

/** The manifests of the standard task types, as data: what is checked offline. */
export const taskTypeCatalogue = (): TaskTypeManifest[] => standardTasks({ path: '' }).map(({ manifest }) => manifest);

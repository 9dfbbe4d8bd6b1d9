import type { ChildRun, InstanceDetail, TaskSummary } from '@orderlines/contracts';
import { facts, table } from './table.js';

/** A run with all its executions of nodes, for people. */
export const instanceText = (instance: InstanceDetail): string => {
  const head = facts({
    run: `#${instance.number} of ${instance.process} v${instance.version}`,
    id: instance.id,
    status: instance.status,
    reason: instance.reason,
    error: instance.error?.message,
    'started by': instance.startedBy,
    'started by run': instance.parent?.id,
    started: instance.startedAt,
    finished: instance.finishedAt,
    outputs: isEmpty(instance.outputs) ? undefined : JSON.stringify(instance.outputs),
  });
  const children = instance.children.length === 0 ? '' : `\n\n${childrenTable(instance)}`;
  return `${head}\n\n${tasksTable(instance.tasks)}${children}`;
};

/** Runs that were started by nodes of this one. */
const childrenTable = ({ children, tasks }: InstanceDetail): string => {
  const paths = new Map(tasks.map(({ id, path }) => [id, path]));
  return table(
    [
      { heading: 'CHILD RUN', value: (child: ChildRun) => child.id },
      { heading: 'NODE', value: (child) => paths.get(child.taskId) },
      { heading: 'PROCESS', value: (child) => `#${child.number} of ${child.process} v${child.version}` },
      { heading: 'STATUS', value: (child) => child.status },
    ],
    children,
  );
};

/** Executions of nodes as a table. */
export const tasksTable = (tasks: readonly TaskSummary[]): string =>
  table(
    [
      { heading: 'NODE', value: (task: TaskSummary) => task.path },
      { heading: 'VISIT', value: (task) => task.visit },
      { heading: 'TYPE', value: (task) => task.uses ?? task.type },
      { heading: 'STATUS', value: (task) => task.status },
      { heading: 'ATTEMPT', value: (task) => task.attempt },
      { heading: 'TOOK', value: (task) => took(task) },
      { heading: 'WHY', value: (task) => task.error?.message ?? task.waitReason?.text },
    ],
    tasks,
  );

const took = ({ startedAt, finishedAt }: TaskSummary): string => {
  if (!startedAt || !finishedAt) return '';
  const milliseconds = new Date(finishedAt).getTime() - new Date(startedAt).getTime();
  return milliseconds < 1_000 ? `${milliseconds} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
};

const isEmpty = (value: unknown): boolean => !value || (typeof value === 'object' && Object.keys(value).length === 0);

import type { InstanceDetail } from '@orderlines/contracts';
import type { StoredInstance } from '@orderlines/persistence';
import { allowedOnRun, allowedOnTask, runStanding, taskStanding } from '@orderlines/process-engine';

type StoredTask = StoredInstance['tasks'][number];

/** A run as it is shown: with the operations that are possible now on it and on each of its executions. */
export const withAllowed = ({
  isDebugged,
  processVersionId: _version,
  seq: _seq,
  raised,
  tasks,
  ...run
}: StoredInstance): InstanceDetail => ({
  ...run,
  allowed: [...allowedOnRun(runStanding(run.status, run.phase), isDebugged)],
  tasks: tasks.map(({ waitsFor, ...task }) => ({ ...task, allowed: operationsOn({ ...task, waitsFor }, raised) })),
});

/** A callback runs beside the flow: nothing is done to it. The reason of what still runs says that its worker has been told to end it. */
const operationsOn = ({ id, kind, status, type, reason, waitsFor }: StoredTask, raised: readonly string[]): string[] => {
  if (kind === 'callback') return [];
  const isEnding = (status === 'RUNNING' || status === 'WAITING') && reason !== null;
  return [
    ...allowedOnTask(taskStanding({ status, type, waitsFor: waitsFor ?? undefined, isEnding, hasRaised: raised.includes(id) }), type),
  ];
};

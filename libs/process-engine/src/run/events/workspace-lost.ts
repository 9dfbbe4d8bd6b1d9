import type { Failure } from '@orderlines/contracts';
import { redeliverInWorkspace } from '../attempts.js';
import { closeExecution, closeRun } from '../close.js';
import type { WorkspaceLostEvent } from '../event.js';
import type { Turn } from '../turn.js';

/** The worker with a shared folder stays away: the scopes that need the folder fail, their teardown may run elsewhere. */
export function workspaceLost(turn: Turn, { worker }: WorkspaceLostEvent): void {
  const affected = turn.openScopes().filter((scope) => scope.workspace?.worker === worker);
  turn.changed = affected.length > 0;
  for (const { id, workspace } of affected) if (workspace) turn.scope(id).workspace = { folder: workspace.folder };
  for (const { id, section, container } of affected) {
    if (section !== 'teardown') failScope(turn, container, worker);
    redeliverInWorkspace(turn, id);
  }
}

function failScope(turn: Turn, container: string | undefined, worker: string): void {
  const failure: Failure = {
    reason: 'infra',
    code: 'workspace.lost',
    message: `The worker ${worker}, which holds the shared folder, has been away for too long.`,
  };
  if (container === undefined) closeRun(turn, { status: 'FAILURE', failure });
  else if (turn.findExecution(container)) closeExecution(turn, turn.execution(container), { status: 'FAILURE', failure });
}

import type { Failure } from '@orderlines/contracts';
import { closeExecution, closeRun } from '../close.js';
import type { WorkspaceLostEvent } from '../event.js';
import type { Turn } from '../turn.js';

/** The worker with a shared folder stays away: the scopes that need the folder fail, their teardown may run elsewhere. */
export function workspaceLost(turn: Turn, { worker }: WorkspaceLostEvent): void {
  const affected = turn.openScopes().filter((scope) => scope.workspace?.worker === worker);
  turn.changed = affected.length > 0;
  const failure: Failure = {
    reason: 'infra',
    code: 'workspace.lost',
    message: `The worker ${worker}, which holds the shared folder, has been away for too long.`,
  };
  for (const { id, container } of affected) {
    const scope = turn.findScope(id);
    if (!scope?.workspace) continue;
    turn.scope(id).workspace = { folder: scope.workspace.folder };
    if (container === undefined) closeRun(turn, { status: 'FAILURE', failure });
    else closeExecution(turn, turn.execution(container), { status: 'FAILURE', failure });
  }
}

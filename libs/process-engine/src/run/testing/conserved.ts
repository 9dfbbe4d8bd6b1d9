import { documentOf, type Execution, type Graph } from '../document.js';
import type { Run } from '../state.js';

/**
 * What is wrong with the tokens of a run: always empty. Every scope has exactly one token or is a dag that counts what is open in it,
 * every execution holds one, every container has the scopes it counts.
 */
export function misplacedTokens(run: Run): readonly string[] {
  const { scopes, executions } = documentOf(run);
  const wrong: string[] = [];
  const expect = (holds: boolean, what: string): void => {
    if (!holds) wrong.push(what);
  };
  for (const scope of Object.values(scopes)) {
    const tokens = [scope.current, scope.due, scope.graph].filter((token) => token !== undefined).length;
    // A run that waits for its slot has nothing to move yet.
    expect(tokens === (run.phase === 'queued' ? 0 : 1), `scope ${scope.id} has ${tokens} tokens`);
    if (scope.current !== undefined) expect(executions[scope.current]?.scope === scope.id, `the token of scope ${scope.id} is elsewhere`);
    if (scope.container !== undefined)
      expect(executions[scope.container]?.status === 'RUNNING', `scope ${scope.id} is inside a container that does not run`);
    const inside = scope.graph && Object.values(executions).filter((each) => each.scope === scope.id && !each.callback);
    if (scope.graph && inside) expect(countsItsNodes(scope.graph, inside), `the dag of scope ${scope.id} counts other nodes than are open`);
  }
  for (const execution of Object.values(executions)) {
    if (execution.callback) continue;
    const scope = scopes[execution.scope];
    expect(scope?.graph !== undefined || scope?.current === execution.id, `${execution.nodeId} holds no token`);
    const inner = Object.values(scopes).filter(({ container }) => container === execution.id).length;
    if (execution.lanes && execution.status === 'RUNNING')
      expect(inner === execution.lanes.running, `${execution.nodeId} counts ${execution.lanes.running} lanes and has ${inner}`);
  }
  return wrong;
}

const countsItsNodes = ({ nodes, open }: Graph, inside: readonly Execution[]): boolean =>
  inside.length === open && [...nodes].filter((cell) => cell === '*').length === open;

import { type Execution, type Mutable, type Scope } from '../document.js';
import type { Turn } from '../turn.js';

/** The stopped node begins. */
export function begin(turn: Turn, execution: Mutable<Execution>): void {
  turn.scope(execution.scope).last = execution.nodeId;
  delete execution.waitsFor;
  turn.detail(execution.id, { error: null });
  execution.status = 'RUNNING';
  execution.startedAt = turn.now;
  turn.work.push({ do: 'begin', execution: execution.id });
}

/** It begins, and its scope stops before the next node; `into` a container: before the first node inside as well. */
export function step(turn: Turn, execution: Mutable<Execution>, into: boolean): void {
  turn.scope(execution.scope).stepping = true;
  if (into) execution.into = true;
  begin(turn, execution);
}

/** It begins, and its token runs on to the next breakpoint, also through the scopes around. */
export function runOn(turn: Turn, execution: Mutable<Execution>): void {
  for (let scope: Scope | undefined = turn.findScope(execution.scope); scope; scope = around(turn, scope)) {
    if (scope.stepping) delete turn.scope(scope.id).stepping;
  }
  begin(turn, execution);
}

const around = (turn: Turn, { parent }: Scope): Scope | undefined => (parent === undefined ? undefined : turn.findScope(parent));

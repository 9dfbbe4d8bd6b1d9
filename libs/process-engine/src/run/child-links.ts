import { documentOf, type Execution, own } from './document.js';
import { FORCED } from './limits.js';
import type { Run } from './state.js';

/** A `process` node's execution and the run it asked for. */
export interface ChildLink {
  readonly taskInstanceId: string;
  readonly instanceId: string;
}

/** What a parent wants of a run that one of its `process` nodes asked for. */
export type ChildWish = 'runs' | 'paused' | 'stopped' | 'stopped by force';

/** The run that an execution waits for. */
export const childOf = ({ waitsFor }: Execution): string | undefined => (waitsFor?.kind === 'child' ? waitsFor.instanceId : undefined);

/** Runs that have to be looked at after a transition: asked for, cancelled or given up by it, and all of them when a pause began or ended. */
export function childLinks(
  pairs: Iterable<readonly [before: Execution | undefined, after: Execution]>,
  affected: Iterable<Execution>,
): readonly ChildLink[] {
  const links = new Map<string, string>();
  for (const [before, after] of pairs) {
    const was = before && childOf(before);
    const is = childOf(after);
    const cancelled = is !== undefined && before?.cancelled !== after.cancelled;
    const changed = was === is && !cancelled ? undefined : (is ?? was);
    if (changed !== undefined) links.set(changed, after.id);
  }
  for (const execution of affected) {
    const is = childOf(execution);
    if (is !== undefined) links.set(is, execution.id);
  }
  return [...links].map(([instanceId, taskInstanceId]) => ({ taskInstanceId, instanceId }));
}

/** What the parent as it stands wants of the run that this execution asked for and waits for. */
export function wishForChild(parent: Run, { taskInstanceId, instanceId }: ChildLink): ChildWish {
  const execution = own(documentOf(parent).executions, taskInstanceId);
  if (!execution || childOf(execution) !== instanceId) return parent.error?.code === FORCED ? 'stopped by force' : 'stopped';
  if (execution.cancelled) return 'stopped';
  return parent.status === 'PAUSED' ? 'paused' : 'runs';
}

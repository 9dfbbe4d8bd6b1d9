import type { DebugAction, JsonObject } from '@orderlines/contracts';
import { clearIdle } from '../debug/clocks.js';
import { runOn, step } from '../debug/leave.js';
import { mock } from '../debug/mock.js';
import { rerun } from '../debug/rerun.js';
import { isStopped, showInput, stopped } from '../debug/stops.js';
import type { Execution, Mutable } from '../document.js';
import { NodeFailed } from '../node-failed.js';
import { prepareInput } from '../nodes/task.js';
import { pathOf } from '../paths.js';
import { skip } from '../settle.js';
import type { Turn } from '../turn.js';
import { setVariables } from '../variables.js';
import { carriedOut, insteadOf, refuse } from './answers.js';
import { allowedOnRun, allowsAction, RUN_RULES, runStanding } from './matrix.js';
import { stop } from './stop.js';

/** Does what a person wants at a stop of a debugged run; a refusal says what there is to name or to do instead. */
export function debug(turn: Turn, action: DebugAction, actor: string): void {
  const { status, phase } = turn.run;
  const standing = runStanding(status, phase);
  const allowed = allowedOnRun(standing, turn.debug !== undefined);
  if (!allowed.includes('debug')) {
    const where = turn.debug ? `${status} in phase ${phase}` : 'not debugged';
    return refuse(turn, `The run is ${where}: debug needs ${RUN_RULES.debug.needs}.${insteadOf(allowed)}`, allowed);
  }
  if (!allowsAction(standing, action)) return refuse(turn, 'The run is paused: resume it first.', allowed);
  carriedOut(turn, allowed, () => {
    turn.facts.push({ type: 'operation', name: `debug ${action.action}`, actor });
    carryOut(turn, action, actor);
    clearIdle(turn);
  });
}

function carryOut(turn: Turn, action: DebugAction, actor: string): void {
  switch (action.action) {
    case 'variables':
      return writeAndShow(turn, action.values);
    case 'breakpoints':
      return setBreakpoints(turn, action.set, action.clear);
    case 'stop':
      return stop(turn, actor, false);
    case 'continue':
      if (action.task === undefined && action.scope === undefined) {
        for (const { id } of standing(turn)) runOn(turn, turn.execution(id));
        return;
      }
      return runOn(turn, target(turn, action));
    default:
      return act(turn, target(turn, action), action);
  }
}

type AtOneStop = Exclude<DebugAction, { action: 'variables' | 'breakpoints' | 'stop' | 'continue' }>;

function act(turn: Turn, execution: Mutable<Execution>, action: AtOneStop): void {
  switch (action.action) {
    case 'step':
      return step(turn, execution, false);
    case 'into':
      return step(turn, execution, true);
    case 'inputs':
      return replaceInput(turn, execution, action.input);
    case 'mock':
      return mock(turn, execution, action.result);
    case 'skip':
      turn.scope(execution.scope).last = execution.nodeId;
      return skip(turn, execution, 'operator');
    case 'rerun': {
      const { last, graph } = turn.scope(execution.scope);
      if (graph) throw refused('The nodes of a dag have no order to go back in; start a rerun from the node when the run has ended.');
      if (last === undefined) throw refused(`No node ran before ${pathOf(turn, execution)} in its flow.`);
      return rerun(turn, execution, last);
    }
  }
}

/** The stop that is meant: named by its execution or scope, or the only one. */
function target(
  turn: Turn,
  { task, scope }: { readonly task?: string | undefined; readonly scope?: number | undefined },
): Mutable<Execution> {
  const stops = standing(turn);
  const named = stops.filter(({ id, scope: of }) => (task === undefined || id === task) && (scope === undefined || of === scope));
  const [only] = named;
  if (only && named.length === 1) return turn.execution(only.id);
  const list = stops.map((stop) => `${pathOf(turn, stop)} (task ${stop.id}, scope ${stop.scope})`).join(', ');
  throw refused(named.length === 0 ? `It is not stopped there. It is stopped before ${list}.` : `Say which: it is stopped before ${list}.`);
}

function standing(turn: Turn): readonly Execution[] {
  const stops = stopped(turn);
  if (stops.length === 0) throw refused('The run is not stopped before any node now.');
  return stops;
}

function replaceInput(turn: Turn, execution: Mutable<Execution>, input: JsonObject): void {
  const node = turn.node(execution.nodeId);
  if (node.type !== 'task') throw refused(`${pathOf(turn, execution)} is a ${node.type}: only a task has inputs.`);
  prepareInput(turn, node, execution, input);
  turn.detail(execution.id, { error: null });
}

function writeAndShow(turn: Turn, values: JsonObject): void {
  setVariables(turn, values);
  for (const { id } of turn.openExecutions().filter(isStopped)) showInput(turn, turn.execution(id));
}

function setBreakpoints(turn: Turn, set: readonly string[], clear: readonly string[]): void {
  const unknown = [...set, ...clear].filter((id) => !turn.process.nodes.has(id));
  if (unknown.length > 0) throw refused(`The process ${turn.process.name} has no node ${unknown.join(', ')}.`);
  if (!turn.debug) return;
  const changed = [...set.map((id) => [id, true] as const), ...clear.map((id) => [id, false] as const)];
  turn.debug = { ...turn.debug, breakpoints: { ...turn.debug.breakpoints, ...Object.fromEntries(changed) } };
}

const refused = (message: string): NodeFailed => new NodeFailed({ reason: 'user', code: 'debug.refused', message });

import type { Phase } from '@orderlines/contracts';
import type { Template } from '../variables/template.js';
import { type Ending, ROOT, type Scope, type Section } from './document.js';
import { stepped } from './debug/stops.js';
import { newGraph } from './graph.js';
import { attempted } from './node-failed.js';
import { passOn } from './outcomes.js';
import { evaluateOutputs } from './outputs.js';
import { callBackForRun } from './policy/callbacks.js';
import { dueAt } from './token.js';
import type { Turn } from './turn.js';

/** The phase a run is in while a section of it runs. */
export const PHASE_OF: Readonly<Record<Section, Phase>> = { setup: 'setup', flow: 'body', teardown: 'teardown' };

/** Opens the scope of a process or group with its setup, or its body when it has none. */
export function openWithSetup(turn: Turn, scope: Omit<Scope, 'section'>): void {
  turn.openScope(stepped(turn, { ...scope, section: 'setup' }));
  enterSection(turn, scope.id, isEmpty(turn, scope.owner, 'setup') ? 'flow' : 'setup');
}

/** Opens the scope of one branch or item. */
export function openBranch(turn: Turn, scope: Scope): void {
  turn.openScope(stepped(turn, scope));
  startToken(turn, scope.id);
}

/** Ends the running section: setup is followed by the body, setup's failure and the body by the teardown. */
export function endSection(turn: Turn, scopeId: number, ended: Ending): void {
  const scope = turn.scope(scopeId);
  const wasClosed = scope.closing !== undefined;
  delete scope.closing;
  delete scope.due;
  if (scope.graph && scopeId === ROOT && ended.status === 'FAILURE') scope.halted = scope.graph;
  delete scope.graph;
  switch (scope.section) {
    case 'setup':
      if (ended.status === 'SUCCESS') return enterSection(turn, scopeId, 'flow');
      return tearDown(turn, scopeId, ended);
    case 'flow':
      return tearDown(turn, scopeId, wasClosed ? ended : bodyEnding(turn, scope, ended));
    case 'teardown':
      return finishScope(turn, scopeId, scope.ending ?? ended);
    default:
      return finishScope(turn, scopeId, ended);
  }
}

/** Begins a section of a scope. */
export function enterSection(turn: Turn, scopeId: number, section: Section): void {
  const scope = turn.scope(scopeId);
  scope.section = section;
  delete scope.last;
  if (scopeId === ROOT) {
    turn.run.phase = PHASE_OF[section];
    turn.tellRun();
  }
  startToken(turn, scopeId);
}

function startToken(turn: Turn, scopeId: number): void {
  const scope = turn.scope(scopeId);
  const flow = turn.flow(scope.owner, scope.section);
  const entry = scope.section === 'flow' ? scope.entry : undefined;
  if (flow?.graph && flow.first !== null) {
    scope.graph = scope.halted ?? newGraph(flow.graph);
    delete scope.halted;
  } else scope.due = dueAt(entry ?? flow?.first ?? null);
  turn.work.push({ do: 'move', scope: scopeId });
}

/** True when the scope's owner has nothing to do in a section. */
export const isEmpty = (turn: Turn, owner: string | null, section: Section): boolean => !turn.flow(owner, section)?.first;

/** What the body's end means for its scope: outputs are evaluated here, `onError: ignore` of the process forgives here. */
function bodyEnding(turn: Turn, scope: Scope, ended: Ending): Ending {
  const { process, run } = turn;
  if (ended.status === 'SUCCESS') return withOutputs(turn, scope, ended);
  if (scope.id !== ROOT || ended.status !== 'FAILURE' || process.onError !== 'ignore') return ended;
  run.error = ended.failure;
  return { status: 'SUCCESS' };
}

function withOutputs(turn: Turn, scope: Scope, ended: Ending): Ending {
  const template = outputsOf(turn, scope);
  if (!template) return ended;
  const outputs = attempted(() => evaluateOutputs(turn, scope.id, template));
  return 'failure' in outputs ? { status: 'FAILURE', failure: outputs.failure } : { status: 'SUCCESS', outputs: outputs.value };
}

function outputsOf(turn: Turn, { owner }: Scope): Template | undefined {
  if (owner === null) return turn.process.outputs;
  const node = turn.node(owner);
  return 'outputs' in node ? node.outputs : undefined;
}

/** The teardown runs however the rest ended, within a limit of its own and outside every other time-out. */
function tearDown(turn: Turn, scopeId: number, ending: Ending): void {
  const scope = turn.scope(scopeId);
  scope.ending = ending;
  if (isEmpty(turn, scope.owner, 'teardown')) return finishScope(turn, scopeId, ending);
  if (scope.container === undefined) turn.run.deadlineAt = null;
  else delete turn.execution(scope.container).deadlineAt;
  turn.timers.set({ kind: 'teardown', scope: scopeId, dueAt: turn.now + turn.context.settings.teardownTimeoutMs });
  enterSection(turn, scopeId, 'teardown');
}

function finishScope(turn: Turn, scopeId: number, ending: Ending): void {
  const scope = turn.scope(scopeId);
  if (scope.section === 'teardown') turn.timers.clearAll((timer) => timer.kind === 'teardown' && timer.scope === scopeId);
  if (scope.container === undefined) return finishRun(turn, ending);
  passOn(turn, scope);
  turn.removeScope(scopeId);
  turn.work.push({ do: 'lane-ended', execution: scope.container, scope, ending });
}

/** Gives the run its terminal status; only its callbacks go on. */
export function finishRun(turn: Turn, ending: Ending): void {
  const { run } = turn;
  run.status = ending.status;
  run.phase = 'done';
  run.finishedAt = turn.now;
  run.deadlineAt = null;
  run.outputs = ending.status === 'SUCCESS' ? (ending.outputs ?? null) : null;
  if (ending.status !== 'SUCCESS') run.error = ending.failure;
  turn.tellRun();
  callBackForRun(turn);
  turn.ended = ending.status === 'FAILURE' ? keptFor(turn) : undefined;
  turn.removeScope(ROOT);
  turn.timers.clearAll((timer) => !('execution' in timer) || !turn.findExecution(timer.execution));
}

/** The root scope as it is opened again, when a node of it failed the run. */
function keptFor(turn: Turn): Scope | undefined {
  const root = turn.findScope(ROOT);
  if (!root?.raised && !root?.halted) return undefined;
  const { current: _token, due: _next, closing: _closing, ending: _ending, reopened: _done, entry: _entry, ...kept } = root;
  return kept;
}

import type { Failure, Json, JsonObject } from '@orderlines/contracts';
import type { CompiledApproval, CompiledParam, CompiledRefusal } from '../../definition/compiled.js';
import type { Template } from '../../variables/template.js';
import { convert } from '../../variables/convert.js';
import { answersOf, resultOf, type Answer, type Decision } from '../approval/answers.js';
import { candidateKeys, userKey } from '../approval/candidates.js';
import { tally } from '../approval/tally.js';
import type { Approval, Execution, Mutable } from '../document.js';
import { evaluate, evaluateText } from '../expressions.js';
import { NodeFailed } from '../node-failed.js';
import { pathOf } from '../paths.js';
import { evaluateDuration } from '../policy/durations.js';
import { assertInputFits } from '../queueing.js';
import { fail, giveUp, succeed } from '../settle.js';
import { dueAt } from '../token.js';
import type { Turn } from '../turn.js';
import { showDeadline, waitFor } from '../waiting.js';
import type { NodeBehaviour } from './behaviour.js';

/** Most names that one approval may ask. */
const MAX_CANDIDATES = 200;

/** An execution that waits for answers. */
export type OpenApproval = Mutable<Execution> & { approval: Approval };

/** Asks people, and goes on when enough of them have approved. Every attempt is a new round. */
export const approval: NodeBehaviour<CompiledApproval> = {
  begin(turn, node, execution) {
    const { scope } = execution;
    const candidates = candidatesOf(turn, node, scope);
    const defaults = defaultsOf(turn, node, scope);
    const message = node.message ? evaluateText(turn, scope, node.message) : '';
    const deadlineAt = node.deadline ? turn.now + evaluateDuration(turn, scope, node.deadline, `deadline of ${node.id}`) : null;
    const asked = { candidates, ...(node.noSelfApproval && { excluded: userKey(turn.constants.header.startedBy) }) };
    const { have, need } = tally(node.quorum, candidates, []);
    const input: JsonObject = { title: node.name, message, ...asked, quorum: node.quorum, need, form: formOf(node, defaults) };
    assertInputFits(input);
    execution.status = 'WAITING';
    execution.approval = { ...asked, defaults, given: [] };
    if (deadlineAt === null) delete execution.deadlineAt;
    else execution.deadlineAt = deadlineAt;
    waitFor(turn, execution, { kind: 'approval', by: candidates, answered: have, needed: need });
    showDeadline(execution);
    turn.detail(execution.id, { input, result: resultOf(null, []), error: null });
    turn.tell(execution, pathOf(turn, execution));
  },

  expire(turn, node, execution) {
    const open = execution as OpenApproval;
    const { have, need } = tally(node.quorum, open.approval.candidates, open.approval.given);
    const message = `It had ${have} of ${need} approvals at its deadline.`;
    refuse(turn, open, { reason: 'timeout.run', code: 'approval.expired', message }, node.onDeadline, 'expired');
  },
};

/** Takes an answer that may be given, and ends the approval when it decides. */
export function take(turn: Turn, node: CompiledApproval, execution: OpenApproval, answer: Answer, as: readonly string[]): void {
  const answers = [...answersOf(turn, execution), answer];
  const given = [...execution.approval.given, { user: answer.user, approves: answer.decision === 'approve', as }];
  const { decision, have } = tally(node.quorum, execution.approval.candidates, given);
  execution.approval = { ...execution.approval, given };
  turn.detail(execution.id, { result: resultOf(decision, answers) });
  if (execution.waitsFor?.kind === 'approval') execution.waitsFor = { ...execution.waitsFor, answered: have };
  if (decision === null) return turn.tell(execution, pathOf(turn, execution));
  if (decision === 'approved') return succeed(turn, execution, { result: resultOf(decision, answers) });
  const message = `Rejected by ${answer.user}${answer.comment === '' ? '.' : `: ${answer.comment}`}`;
  refuse(turn, execution, { reason: 'user', code: 'approval.rejected', message }, node.onReject, decision);
}

/** The approval was not given: the node fails, and either its strategies decide or its own way for this case. */
function refuse(turn: Turn, execution: OpenApproval, failure: Failure, action: CompiledRefusal, decision: Decision): void {
  const report = { result: resultOf(decision, answersOf(turn, execution)) };
  if (action === 'fail') fail(turn, execution, failure, report);
  else giveUp(turn, execution, failure, report, dueAt(action.goto));
}

function candidatesOf(turn: Turn, node: CompiledApproval, scope: number): string[] {
  const named = (key: 'users' | 'roles' | 'groups'): readonly string[] => namesFrom(turn, node, scope, key, node[key]);
  const candidates = candidateKeys({ users: named('users'), roles: named('roles'), groups: named('groups') });
  if (candidates.length <= MAX_CANDIDATES) return candidates;
  throw new NodeFailed({
    reason: 'expression',
    code: 'approval.too-many-candidates',
    message: `${node.id} names ${candidates.length} users, roles and groups, more than ${MAX_CANDIDATES}. Name a group instead.`,
  });
}

function namesFrom(turn: Turn, node: CompiledApproval, scope: number, key: string, template: Template | undefined): readonly string[] {
  if (!template) return [];
  const value = evaluate(turn, scope, template);
  const names = Array.isArray(value) ? value : [value];
  if (names.every((name): name is string => typeof name === 'string' && name !== '')) return names;
  const message = `${key} of ${node.id} must give a list of names, it gave ${JSON.stringify(value).slice(0, 200)}.`;
  throw new NodeFailed({ reason: 'expression', code: 'expression.not-names', message });
}

/** Values the form begins with. */
function defaultsOf(turn: Turn, node: CompiledApproval, scope: number): JsonObject {
  const preset = node.form.flatMap((field): [string, Json][] => {
    if (field.default === undefined) return [];
    const conversion = convert(evaluate(turn, scope, field.default), field);
    if ('value' in conversion) return [[field.name, conversion.value]];
    const message = `The default of ${field.name} in the form of ${node.id} ${conversion.mistake}.`;
    throw new NodeFailed({ reason: 'expression', code: 'approval.default-invalid', message });
  });
  return Object.fromEntries(preset);
}

/** The form as it is shown: every field with the value it begins with. */
const formOf = ({ form }: CompiledApproval, defaults: JsonObject): JsonObject[] =>
  form.map(({ default: _, enum: allowed, ...field }: CompiledParam) => ({
    ...field,
    ...(allowed && { enum: [...allowed] }),
    ...(Object.hasOwn(defaults, field.name) && { default: defaults[field.name] as Json }),
  }));

import type { Problem } from '@orderlines/contracts';
import type { CompiledApproval } from '../../definition/compiled.js';
import { resolveForm } from '../../variables/resolve-params.js';
import { canonical } from '../../variables/canonical.js';
import { answersOf, rowOf, type Answer } from '../approval/answers.js';
import { standingOf, userKey } from '../approval/candidates.js';
import { tally } from '../approval/tally.js';
import type { AnswerOperation } from '../event.js';
import { exceeds, MAX_ANSWER_BYTES } from '../limits.js';
import { take, type OpenApproval } from '../nodes/approval.js';
import { pathOf } from '../paths.js';
import { TASK_RULES } from './matrix.js';
import type { Turn } from '../turn.js';

/** Answers an approval: one answer a person, which can be repeated and not changed. */
export function answer(turn: Turn, operation: AnswerOperation): void {
  turn.changed = false;
  const { nodeId } = rowOf(turn, operation.taskInstanceId);
  // A callback of the process has its name for a node.
  const node = turn.process.nodes.get(nodeId);
  if (node?.type !== 'approval') return refuse(turn, 'approval.not-one', `\`${nodeId}\` is no approval, it takes no answer.`);
  const known = turn.findExecution(operation.taskInstanceId);
  if (!known?.approval || known.status !== 'WAITING') return refuseEnded(turn, node, operation);
  if (operation.attempt !== undefined && operation.attempt !== known.attempt) {
    const message = `The answer is for round ${operation.attempt} of \`${node.id}\`; it is in round ${known.attempt} now.`;
    return refuse(turn, 'approval.round-over', message, ['answer']);
  }
  answerOpen(turn, node, { ...known, approval: known.approval }, operation);
}

function answerOpen(turn: Turn, node: CompiledApproval, known: OpenApproval, operation: AnswerOperation): void {
  const { person, decision, comment } = operation;
  const standing = standingOf(known.approval, person);
  if (!standing.may) return refuse(turn, standing.code, standing.message);
  const { values, problems } = filledIn(node, known, operation);
  if (problems.length > 0) return refuse(turn, 'approval.invalid-values', 'The form is not filled in as it must be.', ['answer'], problems);
  const mine: Answer = { user: person.userName, decision, comment, values, at: new Date(turn.now).toISOString() };
  const earlier = answersOf(turn, known).find(({ user }) => userKey(user) === userKey(person.userName));
  if (earlier) return repeat(turn, node, known, earlier, mine);
  turn.changed = true;
  const execution = turn.execution(known.id) as OpenApproval;
  const detail = { taskInstanceId: known.id, path: pathOf(turn, known), decision, comment };
  turn.facts.push({ type: 'operation', name: 'answer', actor: person.userName, detail });
  take(turn, node, execution, mine, standing.as);
  accept(turn, node, execution);
}

/** The form as the person filled it in; a rejection has none. */
function filledIn(node: CompiledApproval, { approval }: OpenApproval, { decision, values }: AnswerOperation) {
  const filled = decision === 'reject' ? { values, problems: [] } : resolveForm(node.form, approval.defaults, values);
  if (exceeds(filled.values, MAX_ANSWER_BYTES)) {
    const message = `the values are larger than ${MAX_ANSWER_BYTES / 1024} KiB`;
    return { ...filled, problems: [{ code: 'values.too-large', message, path: 'values', severity: 'error' } satisfies Problem] };
  }
  return filled;
}

function repeat(turn: Turn, node: CompiledApproval, execution: OpenApproval, earlier: Answer, again: Answer): void {
  if (canonical({ ...earlier, at: '' }) === canonical({ ...again, user: earlier.user, at: '' })) return accept(turn, node, execution);
  const message = `${earlier.user} has answered \`${node.id}\` with ${earlier.decision} already; an answer cannot be changed.`;
  refuse(turn, 'approval.answered', message);
}

function refuseEnded(turn: Turn, node: CompiledApproval, { taskInstanceId }: AnswerOperation): void {
  const status = turn.findExecution(taskInstanceId)?.status ?? rowOf(turn, taskInstanceId).status;
  refuse(turn, 'approval.closed', `\`${node.id}\` takes no answers: it is ${status}, and an answer needs ${TASK_RULES.answer.needs}.`);
}

function accept(turn: Turn, node: CompiledApproval, { approval }: OpenApproval): void {
  const { status } = turn.run;
  turn.answer = { accepted: true, status, runningTasks: [], approval: tally(node.quorum, approval.candidates, approval.given) };
}

function refuse(turn: Turn, code: string, message: string, allowed: readonly string[] = [], problems?: readonly Problem[]): void {
  turn.answer = { accepted: false, status: turn.run.status, code, message, allowed, ...(problems && { problems }) };
}

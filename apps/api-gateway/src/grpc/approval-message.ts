import type { ApprovalView } from '@orderlines/contracts';
import type { instanceRpc } from '@orderlines/rpc';
import { dateOf } from './requests.js';

/** An approval as gRPC tells it. */
export const toApproval = (approval: ApprovalView): instanceRpc.Approval => ({
  ...approval,
  quorum: String(approval.quorum),
  decision: approval.decision ?? '',
  answers: approval.answers.map((answer) => ({ ...answer, at: dateOf(answer.at) })),
  askedAt: dateOf(approval.askedAt),
  deadlineAt: dateOf(approval.deadlineAt),
  finishedAt: dateOf(approval.finishedAt),
});

import { actorOf, type Principal } from '@orderlines/auth';
import { AnswerTaken, type AnswerBody, type ApprovalPage, type ApprovalQuery, type ApprovalView } from '@orderlines/contracts';
import { listApprovals, type StoredApproval } from '@orderlines/persistence';
import { keysOf, standingOf, userKey, type Person } from '@orderlines/process-engine';
import type { ExecutorClient } from '@orderlines/rpc';
import type { Pool } from 'pg';
import { keyOf, requireId, requireTaskId, type Caller } from '../instance/instances.js';
import { operationRefused } from '../operation/operation-refused.js';

/** What people are asked: read from the database, answered through an executor. */
export class Approvals {
  constructor(
    private readonly pool: Pool,
    private readonly executor: ExecutorClient,
  ) {}

  /** Approvals, those of newer runs first; `mine` are those that wait for this principal. */
  async list({ cursor, limit, mine, status, instance }: ApprovalQuery, principal: Principal): Promise<ApprovalPage> {
    const person = personOf(principal);
    const isMine = mine !== undefined && mine !== 'false';
    const waitingFor = { keys: keysOf(person), userKey: userKey(person.userName), administrator: person.administrator };
    const filter = {
      ...(instance && { instanceId: instance }),
      ...(status && { status }),
      ...(isMine && { waitingFor }),
      limits: principal.rights.limits('read', 'Approval'),
    };
    const page = await listApprovals(this.pool, filter, { limit, ...(cursor && { cursor }) });
    return { ...page, items: page.items.map((approval) => viewFor(person, approval)) };
  }

  /** Answers an approval as the caller. */
  async answer(instanceId: string, taskId: string, answer: AnswerBody, caller: Caller): Promise<AnswerTaken> {
    const taskInstanceId = requireTaskId(instanceId, taskId);
    const given = await this.executor.operateInstance({
      instanceId: requireId(instanceId),
      operationJson: JSON.stringify({ name: 'answer', taskInstanceId, ...answer, person: personOf(caller.principal) }),
      actor: actorOf(caller.principal),
      idempotencyKey: keyOf(caller),
    });
    if (!given.accepted) throw operationRefused(given);
    return AnswerTaken.parse({ ...(JSON.parse(given.resultJson) as object), status: given.status });
  }
}

/** The caller as somebody who may be asked. */
const personOf = ({ user, roles, groups }: Principal): Person => ({
  userName: user.userName,
  administrator: user.administrator || roles.includes('administrator'),
  roles,
  groups,
});

const viewFor = (person: Person, { candidates, excluded, ...approval }: StoredApproval): ApprovalView => {
  const hasAnswered = approval.answers.some(({ user }) => userKey(user) === userKey(person.userName));
  const mayAnswer = approval.status === 'WAITING' && !hasAnswered && standingOf({ candidates, excluded }, person).may;
  return { ...approval, mayAnswer };
};

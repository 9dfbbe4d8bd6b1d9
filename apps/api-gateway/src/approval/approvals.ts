import type { Principal } from '@orderlines/auth';
import { AnswerTaken, type AnswerBody, type ApprovalPage, type ApprovalQuery, type ApprovalView } from '@orderlines/contracts';
import { listApprovals, type StoredApproval } from '@orderlines/persistence';
import { keysOf, standingOf, userKey, type Person } from '@orderlines/process-engine';
import type { Pool } from 'pg';
import { requireTaskId, type Caller, type Instances } from '../instance/instances.js';

/** What people are asked: read from the database, answered through an executor. */
export class Approvals {
  constructor(
    private readonly pool: Pool,
    private readonly instances: Instances,
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
    const operation = { name: 'answer' as const, taskInstanceId, ...answer, person: personOf(caller.principal) };
    const { resultJson, status } = await this.instances.ask(instanceId, operation, caller);
    return AnswerTaken.parse({ ...(JSON.parse(resultJson) as object), status });
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

import { AnswerTaken, ApprovalPage, type ApprovalView } from '@orderlines/contracts';
import { randomUUID } from 'node:crypto';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';
import type { Invocation } from '../invocation.js';
import { facts } from '../output/table.js';
import { namesAndValues } from '../params.js';
import { type ApiClient, runPath, segment } from '../server/client.js';
import { readLimit, showApprovals, type ApprovalsWanted } from './get.js';

/** `approvals` shows what people are asked, `approve` answers it. */
export const addApprovals = (line: CommandLine): void => {
  line.root
    .command('approvals')
    .summary('list what waits for your answer')
    .description('List the approvals that wait for you; with --all those of everybody, answered ones too.')
    .option('--all', 'of everybody, in any state')
    .option('--instance <instance>', 'of this run')
    .option('--status <status>', 'in this state, e.g. WAITING')
    .option('--limit <number>', 'at most this many', readLimit, 50)
    .option('--cursor <cursor>', 'go on behind the last page')
    .action(
      line.action((invocation, { all, ...wanted }: ApprovalsWanted & { readonly all?: true }) =>
        showApprovals(invocation, { ...wanted, mine: !all }),
      ),
    );
  line.root
    .command('approve')
    .summary('answer an approval')
    .description('Answer an approval of a run, as you. An answer can be repeated, but not changed.')
    .argument('<instance>', 'id of the run')
    .argument('[node]', 'id or path of the node; not needed while the run asks you one thing only')
    .option('--reject', 'say no')
    .option('--comment <text>', 'what you want to say about it')
    .option('--set <name=value>', 'a field of the form; may be repeated', (given: string, before: readonly string[] = []) => [
      ...before,
      given,
    ])
    .action(line.action(approve));
};

interface ApproveOptions {
  readonly reject?: true;
  readonly comment?: string;
  readonly set?: readonly string[];
}

const approve = async (invocation: Invocation, instance: string, node: string | undefined, options: ApproveOptions): Promise<void> => {
  const client = await invocation.client();
  const asked = await openApproval(client, instance, node);
  const taken = await client.ask(AnswerTaken, {
    method: 'POST',
    path: `${runPath(asked.instanceId)}/tasks/${segment(asked.taskId)}/approval`,
    headers: { 'idempotency-key': randomUUID() },
    body: {
      decision: options.reject ? 'reject' : 'approve',
      comment: options.comment ?? '',
      values: namesAndValues('--set', options.set ?? []),
      attempt: asked.attempt,
    },
  });
  await invocation.print({ instanceId: asked.instanceId, taskId: asked.taskId, node: asked.path, ...taken }, () =>
    facts({ node: asked.path, approval: taken.decision ?? 'waits for more', have: `${taken.have} of ${taken.need}`, run: taken.status }),
  );
};

/** The open approval that is meant; what was answered already is found by its node, so that the server can say so. */
const openApproval = async (client: ApiClient, instance: string, node: string | undefined): Promise<ApprovalView> => {
  const { items } = await client.ask(ApprovalPage, { method: 'GET', path: 'approvals', query: { instance, limit: 500 } });
  const named = items.filter(({ nodeId, path }) => node === undefined || node === nodeId || node === path);
  const open = named.filter(({ status }) => status === 'WAITING');
  const [only, ...others] = open.length > 0 ? open : node === undefined ? [] : named.slice(0, 1);
  if (!only)
    throw refused(`the run ${instance} asks nothing${node === undefined ? ' now' : ` at ${node}`}`, 'see `orderlines approvals --all`');
  if (others.length > 0) throw refused('the run asks several things', `name the node: ${open.map(({ path }) => path).join(', ')}`);
  return only;
};

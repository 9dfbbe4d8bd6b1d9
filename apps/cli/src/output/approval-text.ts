import type { ApprovalView } from '@orderlines/contracts';
import { table } from './table.js';

/** Approvals as a table: what is asked of whom, and how far it has come. */
export const approvalsTable = (approvals: readonly ApprovalView[]): string =>
  table(
    [
      { heading: 'RUN', value: (approval: ApprovalView) => approval.instanceId },
      { heading: 'PROCESS', value: ({ namespace, process, number }) => `${namespace}/${process} #${number}` },
      { heading: 'NODE', value: ({ path }) => path },
      { heading: 'STATUS', value: ({ status, decision }) => decision ?? status },
      { heading: 'HAVE', value: ({ have, need }) => `${have} of ${need}` },
      { heading: 'ASKED', value: asked },
      { heading: 'UNTIL', value: ({ deadlineAt }) => deadlineAt },
      { heading: 'MESSAGE', value: ({ message }) => message },
    ],
    approvals,
  );

const asked = ({ users, roles, groups }: ApprovalView): string =>
  [...users, ...roles.map((name) => `role ${name}`), ...groups.map((name) => `group ${name}`)].join(', ') || 'administrators';

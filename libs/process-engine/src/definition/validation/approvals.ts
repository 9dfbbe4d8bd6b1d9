import { readTemplate, type ValuePath } from '../../variables/parse-template.js';
import type { NodeDocument, ProcessDocument } from '../document.js';
import { pathText } from '../source.js';
import { checkFields } from './declarations.js';
import type { Report } from './report.js';
import { nodesOf } from './walk.js';

type ApprovalDocument = Extract<NodeDocument, { type: 'approval' }>;

const NAMED = ['users', 'roles', 'groups'] as const;

/** Approvals: somebody can answer, the quorum can be met, the deadline says what follows, and the form makes sense. */
export function checkApprovals(document: ProcessDocument, standIns: ReadonlySet<string>, report: Report): void {
  for (const { path, node } of nodesOf(document)) {
    if (node.type !== 'approval' || standIns.has(pathText(path))) continue;
    checkCandidates(node, path, report);
    checkDeadline(node, path, report);
    checkFields('field', [...path, 'form'], node.form ?? [], standIns, report);
  }
}

function checkCandidates(node: ApprovalDocument, path: ValuePath, report: Report): void {
  for (const key of NAMED) {
    const names = node[key];
    if (typeof names === 'string' && readTemplate(names).template.kind === 'literal')
      report.error([...path, key], 'invalid-value', `\`${key}\`: write a list, \`[${names}]\`, or one \`\${{ expression }}\` giving it`);
  }
  const { id, users, roles, groups, quorum = 'any' } = node;
  const isNobodyNamed = NAMED.every((key) => node[key] === undefined);
  if (isNobodyNamed && quorum === 'all') {
    report.error(
      [...path, 'quorum'],
      'invalid-value',
      `\`${id}\` names nobody, so nobody can be all; write \`users\`, \`roles\` or \`groups\``,
    );
  } else if (isNobodyNamed) {
    report.warning(
      path,
      'nobody-named',
      `\`${id}\` names nobody, so only administrators can answer; write \`users\`, \`roles\` or \`groups\``,
    );
  }
  if (typeof quorum !== 'number' || !Array.isArray(users) || roles !== undefined || groups !== undefined) return;
  const people = new Set(users.map((name) => name.toLowerCase())).size;
  if (quorum > people)
    report.error(
      [...path, 'quorum'],
      'invalid-value',
      `\`${id}\` wants ${quorum} approvals and names ${people} ${people === 1 ? 'user' : 'users'}`,
    );
}

function checkDeadline({ id, deadline, onDeadline }: ApprovalDocument, path: ValuePath, report: Report): void {
  if (deadline !== undefined && onDeadline === undefined) {
    const advice = 'write `onDeadline: fail` or the id of the node where the flow goes on';
    report.error(path, 'missing-key', `\`${id}\` has a deadline and does not say what happens then; ${advice}`);
  }
  if (deadline === undefined && onDeadline !== undefined)
    report.warning([...path, 'onDeadline'], 'no-deadline', `\`${id}\` has no \`deadline\`, so \`onDeadline\` never happens`);
}

import { Problem } from '@orderlines/contracts';
import type { OperateInstanceResponse } from '@orderlines/rpc';
import { z } from 'zod';
import { RequestRefused } from '../problems/request-refused.js';

/** Refusals because of who asks. */
const FORBIDDEN: readonly string[] = ['approval.own-run', 'approval.not-a-candidate'];
/** Refusals because of where the approval stands, not of what was given. */
const CONFLICTS: readonly string[] = ['approval.closed', 'approval.answered', 'approval.round-over', 'approval.not-one'];

/** An operation the executor refused: by the table (409, with what is allowed instead), or for what it was given (422). */
export const operationRefused = ({ code, message, status, allowed, problemsJson }: OperateInstanceResponse): RequestRefused =>
  new RequestRefused(code || 'instance.not-permitted', message, statusOf(code), {
    allowed,
    instanceStatus: status,
    ...(problemsJson !== '' && { errors: z.array(Problem).parse(JSON.parse(problemsJson)) }),
  });

const statusOf = (code: string): number => {
  if (code === '' || CONFLICTS.includes(code)) return 409;
  return FORBIDDEN.includes(code) ? 403 : 422;
};

import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { LoginThrottled, PasswordRefused } from '@orderlines/auth';
import { JsonTooDeepError, type Problem, type ProblemDetails } from '@orderlines/contracts';
import {
  AccessRefused,
  DefinitionConflict,
  DepartmentMissing,
  InvalidCursor,
  sqlStateOf,
  UserInUse,
  UserTaken,
  type DefinitionConflictCode,
} from '@orderlines/persistence';
import { ExecutorRefused } from '@orderlines/rpc';
import { OrderlinesError } from '@orderlines/service-host';
import { RequestRefused, type RefusalDetails } from './request-refused.js';
import { isStoreAway } from './store-away.js';

/** An error as it is answered. */
export interface AnsweredProblem {
  readonly problem: ProblemDetails;
  /** Seconds after which the request may be made again. */
  readonly retryAfterSeconds?: number;
  /** False: an error of ours that the log must tell about. */
  readonly expected: boolean;
}

const CONFLICTS: Readonly<Record<DefinitionConflictCode, number>> = {
  'draft.changed': 412,
  'draft.missing': 404,
  'process.name-taken': 409,
  'process.legacy-id-taken': 409,
  'process.ambiguous': 409,
  'process.missing': 404,
};
const STORE_RETRY_SECONDS = 2;
/** SQLSTATE class of values that Postgres does not take, and those of it that text from outside may cause; others are logged. */
const DATA_EXCEPTIONS = '22';
const UNSTORABLE_TEXT = ['22021', '22P05'];

/** What the caller is told about an error, whichever door it came by. */
export const problemOf = (error: unknown): AnsweredProblem => {
  if (error instanceof RequestRefused || error instanceof ExecutorRefused)
    return answer(error.status, error.code, error.message, error.details);
  if (error instanceof LoginThrottled) {
    return answer(error.status, error.code, error.message, { retryAfterSeconds: error.retryAfterSeconds });
  }
  if (error instanceof PasswordRefused) return answer(error.status, error.code, error.message, { errors: error.problems });
  if (error instanceof OrderlinesError) return answer(error.status, error.code, error.message, {}, error.status < 500);
  if (error instanceof DefinitionConflict) return answer(CONFLICTS[error.code], error.code, error.message);
  if (error instanceof UserTaken) return answer(409, 'user.taken', error.message, { errors: [userProblem(error)] });
  if (error instanceof AccessRefused) return answer(error.kind === 'unknown' ? 422 : 409, `${error.noun}.${error.kind}`, error.message);
  if (error instanceof UserInUse) return answer(409, 'user.in-use', error.message);
  if (error instanceof DepartmentMissing) return answer(422, 'department.not-found', error.message);
  if (error instanceof InvalidCursor) return answer(422, 'request.invalid-cursor', error.message);
  if (error instanceof JsonTooDeepError) return answer(422, 'request.too-deep', error.message);
  if (isStoreAway(error)) {
    return answer(503, 'store.unavailable', 'The database cannot be reached now: try again in a moment.', {
      retryAfterSeconds: STORE_RETRY_SECONDS,
    });
  }
  const state = sqlStateOf(error) ?? '';
  if (state.startsWith(DATA_EXCEPTIONS)) {
    const why = 'The request holds a text that cannot be stored, such as the character U+0000.';
    return answer(422, 'request.unstorable', why, {}, UNSTORABLE_TEXT.includes(state));
  }
  return (
    ofFramework(error) ?? answer(500, 'internal', 'Something went wrong here that should not; the log of the server says what.', {}, false)
  );
};

/** Errors of Nest, which know an HTTP status. */
const ofFramework = (error: unknown): AnsweredProblem | undefined => {
  if (!(error instanceof HttpException)) return undefined;
  const status = error.getStatus();
  return status === 404
    ? answer(404, 'route.not-found', `${error.message}: see /api/docs for what there is.`)
    : answer(status, 'request.refused', error.message);
};

const answer = (status: number, code: string, detail: string, details: RefusalDetails = {}, expected = true): AnsweredProblem => {
  const { errors, allowed, instanceStatus, retryAfterSeconds } = details;
  return {
    problem: {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      code,
      detail,
      ...(errors && { errors: [...errors] }),
      ...(allowed && { allowed: [...allowed] }),
      ...(instanceStatus !== undefined && { instanceStatus }),
    },
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    expected,
  };
};

const userProblem = ({ field, message }: UserTaken): Problem => ({ code: 'user.taken', message, path: field, severity: 'error' });

import { Metadata, status } from '@grpc/grpc-js';
import type { ProblemDetails } from '@orderlines/contracts';
import { problemOf, type AnsweredProblem } from '../problems/problem-details.js';

const CODES: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  409: status.FAILED_PRECONDITION,
  412: status.ABORTED,
  413: status.RESOURCE_EXHAUSTED,
  422: status.INVALID_ARGUMENT,
  429: status.RESOURCE_EXHAUSTED,
  503: status.UNAVAILABLE,
};
/** Clients refuse more metadata than 8 KiB by default; base64 makes a third more of it. */
const MAX_PROBLEM_BYTES = 4_096;

/** An error as a gRPC client gets it. */
export interface RpcProblem extends Pick<AnsweredProblem, 'expected'> {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** An error as a gRPC client gets it: status and sentence, the code in `orderlines-code`, all of it in `orderlines-problem-bin`. */
export const rpcProblem = (error: unknown): RpcProblem => {
  const { problem, expected } = problemOf(error);
  const metadata = new Metadata();
  metadata.set('orderlines-code', problem.code);
  metadata.set('orderlines-problem-bin', asBytes(problem));
  return { code: CODES[problem.status] ?? status.INTERNAL, details: problem.detail, metadata, expected };
};

/** As many of the problems as fit. */
const asBytes = (problem: ProblemDetails): Buffer => {
  for (let errors = problem.errors; ; errors = errors?.slice(0, Math.floor(errors.length / 2))) {
    const bytes = Buffer.from(JSON.stringify({ ...problem, ...(errors && { errors }) }));
    if (bytes.length <= MAX_PROBLEM_BYTES || !errors?.length) return bytes.length <= MAX_PROBLEM_BYTES ? bytes : shortened(problem);
  }
};

const shortened = ({ type, title, status: httpStatus, code, detail }: ProblemDetails): Buffer =>
  Buffer.from(JSON.stringify({ type, title, status: httpStatus, code, detail: detail.slice(0, 500) }));

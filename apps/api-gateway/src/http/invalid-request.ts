import type { Problem } from '@orderlines/contracts';
import { pathText } from '@orderlines/process-engine';
import { RequestRefused } from '../problems/request-refused.js';

/** One thing that a schema found (Standard Schema). */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

const MAX_PROBLEMS = 100;

/** The refusal of a request whose body, query or path does not fit its schema; tells all that is wrong. */
export const invalidRequest = (issues: readonly Issue[]): RequestRefused => {
  const errors = issues.slice(0, MAX_PROBLEMS).map(toProblem);
  const summary = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new RequestRefused('request.invalid', `The request cannot be taken: ${summary}`.slice(0, 2_000), 422, { errors });
};

const toProblem = ({ message, path = [] }: Issue): Problem => {
  const keys = path.map((step) => (typeof step === 'object' ? step.key : step));
  return {
    code: 'request.invalid',
    message,
    path: pathText(keys.map((key) => (typeof key === 'number' ? key : String(key)))),
    severity: 'error',
  };
};

import type { ProblemDetails } from '@orderlines/contracts';

/** A request that was refused or could not be answered, as the server said it; `status` 0: the server could not be reached. */
export class ApiProblem extends Error {
  constructor(readonly details: ProblemDetails) {
    super(details.detail);
    this.name = 'ApiProblem';
  }

  get status(): number {
    return this.details.status;
  }

  get code(): string {
    return this.details.code;
  }
}

/** The problem behind anything that was thrown. */
export const toProblem = (error: unknown): ApiProblem => (error instanceof ApiProblem ? error : unreachable(error));

/** The server did not answer at all. */
const unreachable = (error: unknown): ApiProblem =>
  new ApiProblem({
    type: 'about:blank',
    title: 'Unreachable',
    status: 0,
    code: 'console.unreachable',
    detail: error instanceof Error ? error.message : String(error),
  });

/** Reads the problem of an answer that is no success; one without problem details comes from something before the server. */
export const problemOf = async (answer: Response): Promise<ApiProblem> => {
  const details = (await answer.json().catch(() => undefined)) as ProblemDetails | undefined;
  if (details && typeof details.code === 'string') return new ApiProblem(details);
  const { status, statusText } = answer;
  return new ApiProblem({ type: 'about:blank', title: statusText, status, code: 'console.no-details', detail: `${status} ${statusText}` });
};

import type { Problem } from '@orderlines/contracts';
import { OrderlinesError } from '@orderlines/service-host';

/** What a refusal says beside its sentence. */
export interface RefusalDetails {
  /** Everything that is wrong with the request. */
  readonly errors?: readonly Problem[];
  /** Operations that are possible now. */
  readonly allowed?: readonly string[];
  /** Status of the run that refused. */
  readonly instanceStatus?: string;
  /** When to try again. */
  readonly retryAfterSeconds?: number;
}

/** A request that is refused, with everything its caller needs to do better. */
export class RequestRefused extends OrderlinesError {
  constructor(
    code: string,
    message: string,
    status: number,
    readonly details: RefusalDetails = {},
    options?: ErrorOptions,
  ) {
    super(code, message, status, options);
  }
}

/** There is no such thing. */
export const notFound = (code: string, message: string): RequestRefused => new RequestRefused(code, message, 404);

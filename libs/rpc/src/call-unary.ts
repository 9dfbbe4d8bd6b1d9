import { Metadata, type CallOptions, type ClientUnaryCall, type ServiceError } from '@grpc/grpc-js';

/** How one unary call is made. */
export interface UnaryOptions {
  /** Milliseconds until the call fails with DEADLINE_EXCEEDED. */
  readonly deadlineMs: number;
  readonly metadata?: Metadata;
}

type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

/** Makes a unary call of a generated client a promise with a deadline; rejects with grpc-js's `ServiceError`. */
export const callUnary = <Request, Response>(
  client: object,
  method: UnaryMethod<Request, Response>,
  request: Request,
  { deadlineMs, metadata = new Metadata() }: UnaryOptions,
): Promise<Response> =>
  new Promise((resolve, reject) => {
    method.call(client, request, metadata, { deadline: Date.now() + deadlineMs }, (error, response) =>
      error ? reject(error) : resolve(response),
    );
  });

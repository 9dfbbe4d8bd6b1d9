import { AsyncLocalStorage } from 'node:async_hooks';

/** What a request came in by: the doors of a gateway, a command that works on the database itself, or a service by its own doing. */
export type Door = 'http' | 'grpc' | 'command' | 'service';

/** Who stands behind what a service does now, and where they came in: for the audit trail and the API log. */
export interface RequestContext {
  /** One for everything that a request leads to, in every service. */
  readonly requestId: string;
  readonly door: Door;
  /** Network address of who asks; empty when nobody does. */
  readonly address: string;
  /** User name, set when it is known who asks; `anonymous` before that. */
  actor: string;
  /** The right that it needs, set when that is known: what somebody wants to do. */
  need?: { readonly action: string; readonly subject: string };
  /** Records of the audit trail that were written for it. */
  recorded: number;
}

/** The actor of a request before it is known who asks. */
export const ANONYMOUS = 'anonymous';

const contexts = new AsyncLocalStorage<RequestContext>();

/** Does work for a request: whatever is called by it, however deep, finds the context. */
export const inRequest = <Result>(context: RequestContext, work: () => Result): Result => contexts.run(context, work);

/** The request that is being worked for; undefined: none, the service acts by itself. */
export const currentRequest = (): RequestContext | undefined => contexts.getStore();

/** Says who is asking, or what for, once that is known. */
export const describeRequest = (known: Partial<Pick<RequestContext, 'actor' | 'need'>>): void => {
  const context = contexts.getStore();
  if (context !== undefined) Object.assign(context, known);
};

import { Metadata, status, type handleUnaryCall, type ServerUnaryCall, type ServiceError } from '@grpc/grpc-js';
import { AnyJson, cleanText, DEBUG_STOPS, JsonTooDeepError, MAX_SIGNAL_TEXT, ORIGINS, type JsonObject } from '@orderlines/contracts';
import type {
  ExecutorServiceServer,
  OperateInstanceRequest,
  OperateInstanceResponse,
  SendSignalRequest,
  SendSignalResponse,
  StartInstanceRequest,
  StartInstanceResponse,
} from '@orderlines/rpc';
import { originOf } from '@orderlines/rpc';
import { ANONYMOUS, describeError, inRequest, OrderlinesError, type Logger, type RequestContext } from '@orderlines/service-host';
import { v7 as uuidV7 } from 'uuid';
import { z } from 'zod';
import { ParamsError, type InstanceOperations } from './instance-operations.js';
import { RequestedOperation } from './requested-operation.js';

const jsonText = z.string().transform((text, context) => {
  try {
    return JSON.parse(text === '' ? '{}' : text) as unknown;
  } catch (error) {
    context.addIssue({ code: 'custom', message: `not JSON: ${describeError(error)}` });
    return z.NEVER;
  }
});
const actor = z.string().min(1).max(200);
const idempotencyKey = z.string().max(200);

const StartOrder = z.object({
  processVersionId: z.uuid(),
  paramsJson: jsonText.pipe(z.record(z.string(), z.unknown())),
  actor,
  origin: z.enum(ORIGINS),
  idempotencyKey,
  logicalTime: z.number().int().nonnegative(),
  debug: z.enum(DEBUG_STOPS).optional(),
});
const signalText = z.string().max(MAX_SIGNAL_TEXT).transform(cleanText);
const SignalOrder = z.object({
  namespace: z.string().min(1).max(64),
  name: signalText.pipe(z.string().min(1)),
  key: signalText,
  payloadJson: jsonText.pipe(AnyJson),
  actor,
  idempotencyKey,
});
const OperationOrder = z.object({ instanceId: z.uuid(), operationJson: jsonText.pipe(RequestedOperation), actor, idempotencyKey });

/** The gRPC door of the executor: `orderlines.executor.v1.ExecutorService`. */
export const executorService = (operations: InstanceOperations, logger: Logger): ExecutorServiceServer => ({
  startInstance: unary<StartInstanceRequest, StartInstanceResponse>(logger, async (request) => {
    const { paramsJson, logicalTime, debug, ...order } = StartOrder.parse(request);
    return operations.start({
      ...order,
      ...(debug && { debug }),
      params: paramsJson as JsonObject,
      logicalTime: logicalTime === 0 ? null : logicalTime,
    });
  }),
  sendSignal: unary<SendSignalRequest, SendSignalResponse>(logger, async (request) => {
    const { payloadJson, ...order } = SignalOrder.parse(request);
    const { signalId, instanceId, taskInstanceId, repeated } = await operations.send({ ...order, payload: payloadJson });
    return { signalId, instanceId: instanceId ?? '', taskInstanceId: taskInstanceId ?? '', repeated };
  }),
  operateInstance: unary<OperateInstanceRequest, OperateInstanceResponse>(logger, async (request) => {
    const { operationJson, ...order } = OperationOrder.parse(request);
    const result = await operations.operate({ ...order, operation: operationJson });
    return {
      accepted: result.accepted,
      status: result.status,
      message: result.accepted ? '' : result.message,
      allowed: result.accepted ? [] : [...result.allowed],
      runningTaskInstanceIds: result.accepted ? [...result.runningTasks] : [],
      newInstanceId: result.restarted?.instanceId ?? '',
      code: result.accepted ? '' : (result.code ?? ''),
      problemsJson: result.accepted || !result.problems ? '' : JSON.stringify(result.problems),
      resultJson: result.accepted && result.approval ? JSON.stringify(result.approval) : '',
    };
  }),
});

const unary =
  <Request, Response>(logger: Logger, answer: (request: Request) => Promise<Response>): handleUnaryCall<Request, Response> =>
  (call, callback) => {
    inRequest(contextOf(call), () => answer(call.request)).then(
      (response) => callback(null, response),
      (error: unknown) => callback(serviceError(error, logger)),
    );
  };

/** A call that says nothing of a request is a service's own doing. */
const contextOf = ({ metadata, request }: ServerUnaryCall<unknown, unknown>): RequestContext => {
  const origin = originOf(metadata) ?? { requestId: uuidV7(), door: 'service', address: '' };
  const { actor: asks } = request as { readonly actor?: unknown };
  return { ...origin, actor: typeof asks === 'string' ? asks : ANONYMOUS, recorded: 0 };
};

const CODES: Readonly<Record<number, status>> = {
  404: status.NOT_FOUND,
  409: status.FAILED_PRECONDITION,
  422: status.INVALID_ARGUMENT,
  503: status.UNAVAILABLE,
};

/** The error as a caller gets it: `orderlines-code` always, all problems of the params in `orderlines-problem-bin`. */
const serviceError = (error: unknown, logger: Logger): Partial<ServiceError> => {
  const metadata = new Metadata();
  if (error instanceof z.ZodError || error instanceof JsonTooDeepError) {
    metadata.set('orderlines-code', 'request.invalid');
    return { code: status.INVALID_ARGUMENT, details: error instanceof z.ZodError ? z.prettifyError(error) : error.message, metadata };
  }
  if (!(error instanceof OrderlinesError)) {
    logger.error({ err: error }, 'a call failed');
    metadata.set('orderlines-code', 'internal');
    return { code: status.INTERNAL, details: 'The executor could not do this; its log says why', metadata };
  }
  if (error.status >= 500) logger.error({ err: error }, 'a call failed');
  metadata.set('orderlines-code', error.code);
  if (error instanceof ParamsError) metadata.set('orderlines-problem-bin', Buffer.from(JSON.stringify(error.problems)));
  return { code: CODES[error.status] ?? status.INTERNAL, details: error.message, metadata };
};

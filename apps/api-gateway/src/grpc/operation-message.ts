import { ChooseBody, FailTaskBody, RetryTaskBody, SucceedTaskBody, TaskBody } from '@orderlines/contracts';
import type { TaskOperation } from '@orderlines/process-engine';
import type { instanceRpc } from '@orderlines/rpc';
import { invalidRequest } from '../http/invalid-request.js';
import { requireTaskId } from '../instance/instances.js';
import { pageOf, parseRequest } from './requests.js';

/** The operation that a request names, by the schemas that HTTP has for the same. */
export const taskOperationOf = ({ instanceId, taskId, attempt, operation }: instanceRpc.OperateTaskRequest): TaskOperation => {
  const taskInstanceId = requireTaskId(instanceId, taskId);
  switch (operation?.$case) {
    case 'retry':
      return { name: 'retry', taskInstanceId, ...parseRequest(RetryTaskBody, { attempt, input: operation.value.input }) };
    case 'fail':
      return { name: 'fail', taskInstanceId, ...parseRequest(FailTaskBody, { attempt, message: operation.value.message || undefined }) };
    case 'succeed':
      return { name: 'succeed', taskInstanceId, ...parseRequest(SucceedTaskBody, { attempt, result: operation.value.result }) };
    case 'choose':
      return { name: 'choose', taskInstanceId, ...parseRequest(ChooseBody, { attempt, case: operation.value.name }) };
    case 'skip':
    case 'stop':
    case 'raise':
      return { name: operation.$case, taskInstanceId, ...parseRequest(TaskBody, { attempt }) };
    case undefined:
      throw invalidRequest([{ path: ['operation'], message: 'name one operation' }]);
  }
};

/** A batch as HTTP has it, not yet parsed; what protobuf sends for "absent" is left out. */
export const batchOf = (request: instanceRpc.OperateInstancesRequest): object => {
  const { operation, force, ids, process, namespace, status, dry, pageSize, pageToken } = request;
  const filter = {
    ...(ids.length > 0 && { ids }),
    ...(process !== '' && { process }),
    ...(namespace !== '' && { namespace }),
    ...(status !== '' && { status }),
  };
  return { operation: { name: operation, ...(force && { force }) }, filter, dry, ...pageOf(pageSize, pageToken) };
};

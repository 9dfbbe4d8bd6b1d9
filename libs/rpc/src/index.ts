export {
  ExecutorServiceClient,
  ExecutorServiceService,
  type ExecutorServiceServer,
  type OperateInstanceRequest,
  type OperateInstanceResponse,
  type StartInstanceRequest,
  type StartInstanceResponse,
} from './gen/orderlines/executor/v1/executor_service.js';
export { callUnary, type UnaryOptions } from './call-unary.js';

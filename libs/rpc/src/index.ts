export { originOf, withOrigin, type RequestOrigin } from './request-origin.js';
export {
  ExecutorServiceClient,
  ExecutorServiceService,
  type ExecutorServiceServer,
  type OperateInstanceRequest,
  type OperateInstanceResponse,
  type SendSignalRequest,
  type SendSignalResponse,
  type StartInstanceRequest,
  type StartInstanceResponse,
} from './gen/orderlines/executor/v1/executor_service.js';
export * as processRpc from './gen/orderlines/process/v1/process_service.js';
export * as instanceRpc from './gen/orderlines/instance/v1/instance_service.js';
export * as accessRpc from './gen/orderlines/access/v1/access_service.js';
export * as scheduleRpc from './gen/orderlines/schedule/v1/schedule_service.js';
export * as triggerRpc from './gen/orderlines/trigger/v1/trigger_service.js';
export * as originalRpc from './gen/orderlines.js';
export { DESCRIPTORS } from './gen/descriptors.js';
export { internalGuard, internalMetadata, internalTokenVariable } from './internal-token.js';
export { ExecutorClient, ExecutorRefused, type ExecutorSurroundings } from './executor-client.js';
export { channelSecurity, serverCredentials, tlsFilesOf, tlsVariables, type TlsFiles } from './transport-security.js';
export { callUnary, type UnaryOptions } from './call-unary.js';

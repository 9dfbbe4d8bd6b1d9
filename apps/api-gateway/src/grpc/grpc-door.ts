import { Server, type ServerCredentials } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { rpcGuard } from '@orderlines/auth';
import {
  accessRpc,
  DESCRIPTORS,
  instanceRpc,
  originalRpc,
  processRpc,
  serverCredentials,
  type TlsFiles,
  scheduleRpc,
  triggerRpc,
} from '@orderlines/rpc';
import type { Logger } from '@orderlines/service-host';
import { HealthImplementation } from 'grpc-health-check';
import type { Functions } from '../gateway.module.js';
import { cannotListen } from '../http/http-door.js';
import { rpcTrail } from '../trail/rpc-trail.js';
import { accessService } from './access.grpc.js';
import { Handlers } from './handlers.js';
import { instanceService } from './instance.grpc.js';
import { originalService } from './original.grpc.js';
import { processService } from './process.grpc.js';
import { scheduleService } from './schedule.grpc.js';
import { triggerService } from './trigger.grpc.js';
import { needOfRpc } from './rpc-needs.js';
import { rpcProblem } from './rpc-problem.js';

/** A definition of 4 MiB, and what is around it. */
const MAX_REQUEST_BYTES = 6 * 1024 * 1024;
/** Calls that still run when the door is closed have so long to end. */
const DRAIN_MS = 5_000;

/** What reflection tells about. The original's service has no package, which the library cannot name; its clients have their own copy. */
const REFLECTED = [
  'orderlines.process.v1.ProcessService',
  'orderlines.instance.v1.InstanceService',
  'orderlines.schedule.v1.ScheduleService',
  'orderlines.trigger.v1.TriggerService',
  'orderlines.access.v1.AccessService',
];
/** Services as health names them; the executor's is not served here. */
const SERVICES = [...REFLECTED, 'OrderlinesService'];

/** The open gRPC door. */
export interface GrpcDoor {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens the public gRPC door, with reflection and health. */
export const openGrpcDoor = async (
  { host, port, tls }: { readonly host: string; readonly port: number; readonly tls?: TlsFiles | undefined },
  functions: Functions,
  logger: Logger,
): Promise<GrpcDoor> => {
  const handlers = new Handlers(logger, functions.attempts);
  const server = new Server({
    'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
    interceptors: [rpcTrail(functions.apiLog, functions.attempts), rpcGuard(functions, needOfRpc, (error) => rpcProblem(error).metadata)],
  });
  server.addService(processRpc.ProcessServiceService, processService(functions, handlers));
  server.addService(scheduleRpc.ScheduleServiceService, scheduleService(functions, handlers));
  server.addService(triggerRpc.TriggerServiceService, triggerService(functions, handlers));
  server.addService(instanceRpc.InstanceServiceService, instanceService(functions, handlers));
  server.addService(accessRpc.AccessServiceService, accessService(functions, handlers));
  server.addService(originalRpc.OrderlinesServiceService, originalService(functions, handlers, logger));
  new ReflectionService(loadFileDescriptorSetFromBuffer(DESCRIPTORS), { services: REFLECTED }).addToServer(server);
  const health = new HealthImplementation(Object.fromEntries(['', ...SERVICES].map((service) => [service, 'SERVING' as const])));
  health.addToServer(server);
  const bound = await bind(server, `${host}:${port}`, serverCredentials(tls));
  return {
    port: bound,
    close: async () => {
      for (const service of ['', ...SERVICES]) health.setStatus(service, 'NOT_SERVING');
      handlers.close();
      await closed(server);
    },
  };
};

const bind = (server: Server, address: string, security: ServerCredentials): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(address, security, (error, port) => (error ? reject(cannotListen('gRPC', address, error)) : resolve(port)));
  });

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const limit = setTimeout(() => server.forceShutdown(), DRAIN_MS);
    server.tryShutdown(() => {
      clearTimeout(limit);
      resolve();
    });
  });

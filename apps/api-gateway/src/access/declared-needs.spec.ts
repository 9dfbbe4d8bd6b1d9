import 'reflect-metadata';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DECLARED_NEED } from '@orderlines/auth';
import { instanceRpc, originalRpc, processRpc } from '@orderlines/rpc';
import { CONTROLLERS } from '../gateway.module.js';
import { RPC_NEEDS } from '../grpc/rpc-needs.js';

type Handler = (...args: never[]) => unknown;

const routes = CONTROLLERS.flatMap((controller) =>
  Object.getOwnPropertyNames(controller.prototype)
    .map((name) => [name, (controller.prototype as unknown as Record<string, Handler>)[name]] as const)
    .filter(([, handler]) => handler && Reflect.hasMetadata(METHOD_METADATA, handler))
    .map(([name, handler]) => ({
      name: `${controller.name}.${name}`,
      need: (Reflect.getMetadata(DECLARED_NEED, handler as Handler) ?? Reflect.getMetadata(DECLARED_NEED, controller)) as unknown,
    })),
);

describe('what doors need', () => {
  it.each(routes)('the route $name says which right it needs, or that it is open', ({ need }) => {
    expect(need).toBeDefined();
  });

  it.each([processRpc.ProcessServiceService, instanceRpc.InstanceServiceService, originalRpc.OrderlinesServiceService])(
    'every rpc of a service says which right it needs',
    (service) => {
      for (const { path } of Object.values(service)) expect(RPC_NEEDS.get(path)).toBeDefined();
    },
  );

  it('only health and the login are open', () => {
    const open = routes.filter(({ need }) => need === 'open').map(({ name }) => name);
    expect(open.toSorted()).toEqual([
      'HealthController.figures',
      'HealthController.live',
      'HealthController.ready',
      'SessionController.login',
    ]);
  });
});

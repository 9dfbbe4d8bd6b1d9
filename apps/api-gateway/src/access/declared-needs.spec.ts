import 'reflect-metadata';
import { accessRpc, instanceRpc, originalRpc, processRpc, scheduleRpc, triggerRpc } from '@orderlines/rpc';
import { CONTROLLERS } from '../gateway.module.js';
import { RPC_NEEDS } from '../grpc/rpc-needs.js';
import { routesOf } from './permission-catalogue.js';

const routes = routesOf(CONTROLLERS).map(({ handler, need }) => ({ name: handler, need }));

describe('what doors need', () => {
  it.each(routes)('the route $name says which right it needs, or that it is open', ({ need }) => {
    expect(need).toBeDefined();
  });

  it.each([
    accessRpc.AccessServiceService,
    scheduleRpc.ScheduleServiceService,
    triggerRpc.TriggerServiceService,
    processRpc.ProcessServiceService,
    instanceRpc.InstanceServiceService,
    originalRpc.OrderlinesServiceService,
  ])('every rpc of a service says which right it needs', (service) => {
    for (const { path } of Object.values(service)) expect(RPC_NEEDS.get(path)).toBeDefined();
  });

  it('only health, logging in, registering and webhooks, which have an address of their own, are open', () => {
    const open = routes.filter(({ need }) => need === 'open').map(({ name }) => name);
    expect(open.toSorted()).toEqual([
      'HealthController.figures',
      'HealthController.live',
      'HealthController.ready',
      'OidcController.begin',
      'OidcController.finish',
      'RegistrationController.register',
      'SessionController.login',
      'SessionController.methods',
      'SessionController.refresh',
      'WebhookController.receive',
    ]);
  });
});

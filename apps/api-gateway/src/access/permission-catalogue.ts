import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DECLARED_NEED, type DeclaredNeed } from '@orderlines/auth';
import { actionsOf, attributesOf, describeAction, fieldsOf, SUBJECT_NAMES, type PermissionCatalogue } from '@orderlines/contracts';
import { RPC_NEEDS } from '../grpc/rpc-needs.js';

/** A route of the HTTP door with what it needs; undefined: it does not say. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** The controller and its method. */
  readonly handler: string;
  readonly need: DeclaredNeed | undefined;
}

/** All routes of controllers, read from their decorators. */
export const routesOf = (controllers: readonly Type[]): Route[] =>
  controllers.flatMap((controller) =>
    handlersOf(controller).map(([name, handler]) => ({
      method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod] ?? '',
      path: [controller, handler]
        .map((target) => String(Reflect.getMetadata(PATH_METADATA, target) ?? ''))
        .flatMap((path) => (path === '/' || path === '' ? [] : [`/${path.replace(/^\//, '')}`]))
        .join(''),
      handler: `${controller.name}.${name}`,
      need: (Reflect.getMetadata(DECLARED_NEED, handler) ?? Reflect.getMetadata(DECLARED_NEED, controller)) as DeclaredNeed | undefined,
    })),
  );

const handlersOf = (controller: Type): [string, object][] => {
  const members = controller.prototype as Readonly<Record<string, unknown>>;
  return Object.getOwnPropertyNames(members).flatMap((name): [string, object][] => {
    const member = members[name];
    return typeof member === 'function' && Reflect.hasMetadata(METHOD_METADATA, member) ? [[name, member]] : [];
  });
};

/** Everything that can be allowed, with the routes and rpcs that need it. */
export const permissionCatalogue = (routes: readonly Route[]): PermissionCatalogue => ({
  items: SUBJECT_NAMES.flatMap((subject) =>
    actionsOf(subject).map((action) => {
      const isNeeded = (need: unknown) => {
        const { action: needed, subject: on } = Object(need) as { action?: string; subject?: string };
        return needed === action && on === subject;
      };
      return {
        ...{ subject, action },
        description: describeAction(action, subject),
        attributes: [...attributesOf(subject)],
        fields: [...fieldsOf(subject, action)],
        routes: routes.filter(({ need }) => isNeeded(need)).map(({ method, path }) => `${method} ${path}`),
        rpcs: [...RPC_NEEDS].filter(([, need]) => isNeeded(need)).map(([path]) => path),
      };
    }),
  ),
});

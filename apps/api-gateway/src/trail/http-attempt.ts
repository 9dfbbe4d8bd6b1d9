import type { Request } from 'express';
import type { Attempt } from './attempts.js';

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'update', DELETE: 'delete' };
const KINDS: Readonly<Record<string, string>> = { sessions: 'Session', me: 'Profile' };
const MAX_LOGIN = 64;

/** What a request of HTTP tries, as far as its method, path and body say. */
export const attemptOf = (request: Request): Attempt => {
  const [, , , root = '', ...rest] = request.path.split('/');
  const { login, namespace, name, dry } = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  const textOf = (value: unknown) => (typeof value === 'string' ? value.slice(0, MAX_LOGIN) : undefined);
  const id = Object.values(request.params ?? {})
    .flat()
    .join('/');
  const space = textOf(namespace) ?? textOf(request.query['namespace']);
  const named = textOf(root === 'sessions' ? login : name);
  return {
    action: [VERBS[request.method] ?? 'read', ...(rest.length > 1 ? [rest.at(-1)] : [])].join(' '),
    subject: {
      kind: KINDS[root] ?? root,
      ...(id !== '' && { id }),
      ...(named !== undefined && { name: named }),
      ...(space !== undefined && { namespace: space }),
    },
    changes: request.method in VERBS && dry !== true,
  };
};

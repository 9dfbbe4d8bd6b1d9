import { describeAction, type SubjectObject } from '@orderlines/contracts';
import { NotAllowed } from './auth-error.js';
import type { Need } from './needs.js';
import type { Principal } from './principal.js';

/** Refuses what a principal may not do, to that thing or to any. Throws {@link NotAllowed}. */
export const requireRight = ({ rights }: Principal, need: Need, object?: SubjectObject): void => {
  if (!rights.may(need.action, need.subject, object)) throw notAllowed(need, object);
};

const notAllowed = ({ action, subject }: Need, object?: SubjectObject): NotAllowed => {
  const where = object?.namespace === undefined ? '' : ` in namespace ${object.namespace}`;
  return new NotAllowed(
    `You may not ${describeAction(action, subject)}${where}: it needs the right "${action} ${subject}". An administrator can give you a role or group that has it.`,
  );
};

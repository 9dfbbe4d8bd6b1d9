import { describeAction, SUBJECTS, type ActionOf, type Subject, type SubjectObject } from '@orderlines/contracts';
import { findSubjectObject } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { NotAllowed, NotThere } from './auth-error.js';
import type { Need } from './needs.js';
import type { Principal } from './principal.js';

/** Refuses what a principal may not do, to that thing or to any. Throws {@link NotAllowed}. */
export const requireRight = ({ rights }: Pick<Principal, 'rights'>, { action, subject }: Need, object?: SubjectObject): void => {
  if (!rights.may(action, subject, object)) throw notAllowed({ action, subject }, object);
};

/** Refuses what a principal may not do to the thing that a reference names: one that they may not even see is not there. */
export class ObjectRights {
  constructor(private readonly manager: EntityManager) {}

  /** Throws {@link NotAllowed} or {@link NotThere}. Things are looked up only where rules ask for their attributes. */
  async require({ rights }: Pick<Principal, 'rights'>, need: Need, reference: string, shownAs = reference): Promise<void> {
    const { action, subject } = need;
    if (rights.limits(action, subject).length === 0) return;
    const object = await findSubjectObject(this.manager, subject, reference);
    if (object === null) throw notThere(subject, shownAs);
    if (rights.may(action, subject, object)) return;
    throw rights.may('read' as ActionOf<Subject>, subject, object) ? notAllowed(need, object) : notThere(subject, shownAs);
  }

  /** The same for what may have to be made first: as it is, when it is there, and as it will be. A new thing belongs to whoever makes it. */
  async requireToMake(principal: Principal, need: Need, reference: string, made: Omit<SubjectObject, 'owner'>): Promise<void> {
    const { action, subject } = need;
    if (principal.rights.limits(action, subject).length === 0) return;
    const stored = await findSubjectObject(this.manager, subject, reference);
    const { owner } = stored ?? { owner: principal.user.userName };
    for (const object of stored ? [stored, { ...made, owner }] : [{ ...made, owner }]) requireRight(principal, need, object);
  }
}

const notThere = (subject: Subject, reference: string): NotThere => new NotThere(subject, SUBJECTS[subject].noun, reference);

const notAllowed = ({ action, subject }: Need, object?: SubjectObject): NotAllowed => {
  const where = object?.namespace === undefined ? '' : ` in namespace ${object.namespace}`;
  const right = `it needs the right "${action} ${subject}", which a role or group can give`;
  return new NotAllowed(`You may not ${describeAction(action, subject)}${where}: ${right}.`);
};

import type { HeldRoleBody } from '@orderlines/contracts';

/** Roles written as `<role>`, or `<role>@<namespace>` for one namespace. */
export const heldRolesFrom = (texts: readonly string[]): HeldRoleBody[] =>
  texts.map((text) => {
    const at = text.indexOf('@');
    return at < 0 ? { role: text, namespace: null } : { role: text.slice(0, at), namespace: text.slice(at + 1) };
  });

/** A role that is held, as it is written. */
export const heldRoleText = ({ role, namespace }: HeldRoleBody): string => (namespace === null ? role : `${role}@${namespace}`);

/** What kind of refusal a change of access is. */
export type AccessRefusal = 'unknown' | 'taken' | 'in-use' | 'built-in' | 'circle' | 'quota' | 'last-administrator';

/** A change of roles, groups, departments or namespaces that cannot be made. */
export class AccessRefused extends Error {
  constructor(
    readonly kind: AccessRefusal,
    /** What it is about: `role`, `namespace`, … */
    readonly noun: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AccessRefused';
  }
}

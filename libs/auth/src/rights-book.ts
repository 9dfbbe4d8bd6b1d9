import { readHolder, readPolicy, readRightsState, type Holder, type Policy } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { ACCESS_MODES, grantsOf, type AccessMode, type Grant } from './grants.js';
import { Rights } from './rights.js';

/** How long rights are believed without asking whether something was changed: so soon a change holds on every gateway. */
const BELIEVED_MS = 1_000;
const MAX_HOLDERS = 10_000;

/** What a user may do, and by which roles and groups. */
export interface Standing {
  readonly holder: Holder;
  readonly grants: readonly Grant[];
  readonly rights: Rights;
}

/** What people may do, remembered until something of it is changed. */
export class RightsBook {
  private state: string | undefined;
  private askedAt = -Infinity;
  private asking: Promise<void> | undefined;
  private policy: Policy | undefined;
  private mode: AccessMode = 'both';
  private readonly standings = new Map<string, Standing>();
  /** Standings that are read now by the policy that holds: whoever asks meanwhile waits for the same one. */
  private readonly readings = new Map<string, Promise<Standing | null>>();

  constructor(private readonly manager: EntityManager) {}

  /** The standing of a user; null: there is no such user. */
  async of(userId: string): Promise<Standing | null> {
    const policy = await this.current();
    const known = this.standings.get(userId);
    if (known) return known;
    const reading = this.readings.get(userId) ?? this.read(userId, policy);
    this.readings.set(userId, reading);
    try {
      return await reading;
    } finally {
      if (this.readings.get(userId) === reading) this.readings.delete(userId);
    }
  }

  private async read(userId: string, policy: Policy): Promise<Standing | null> {
    const holder = await readHolder(this.manager, userId);
    if (!holder) return null;
    const standing = standingOf(holder, policy, this.mode);
    // Something may have been changed while it was read: then it is not remembered.
    if (policy === this.policy) {
      if (this.standings.size >= MAX_HOLDERS) this.standings.clear();
      this.standings.set(userId, standing);
    }
    return standing;
  }

  /** What roles and groups allow now, and which of them count. */
  async rules(): Promise<{ readonly policy: Policy; readonly mode: AccessMode }> {
    return { policy: await this.current(), mode: this.mode };
  }

  private async current(): Promise<Policy> {
    if (this.policy === undefined || performance.now() - this.askedAt >= BELIEVED_MS) {
      this.asking ??= this.ask().finally(() => (this.asking = undefined));
      await this.asking;
    }
    if (this.policy === undefined) throw new Error('the rights were not read');
    return this.policy;
  }

  private async ask(): Promise<void> {
    const at = performance.now();
    const { version, mode } = await readRightsState(this.manager);
    const state = `${version} ${mode}`;
    if (this.policy === undefined || state !== this.state) {
      // Read after the state: what is changed in between is read again the next time.
      this.policy = await readPolicy(this.manager);
      this.state = state;
      this.mode = ACCESS_MODES.find((known) => known === mode) ?? 'both';
      this.standings.clear();
      this.readings.clear();
    }
    this.askedAt = at;
  }
}

/** What a user may do by a policy. */
export const standingOf = (holder: Holder, policy: Policy, mode: AccessMode): Standing => {
  const grants: Grant[] = holder.administrator
    ? [{ rule: { action: 'manage', subject: 'all' }, from: { role: 'administrator' } }]
    : grantsOf(holder, policy, mode);
  return {
    holder,
    grants,
    rights: Rights.of(
      grants.map(({ rule }) => rule),
      holder.userName,
    ),
  };
};

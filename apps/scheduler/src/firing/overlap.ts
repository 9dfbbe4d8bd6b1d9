import type { OverlapPolicy } from '@orderlines/contracts';

/** Slots of a schedule that wait for an earlier run; one that comes when so many wait is skipped. */
export const MAX_WAITING = 1_000;

/** How a schedule stands when a slot comes. */
export interface Standing {
  /** Runs of its plan that have not ended, or are about to start. */
  readonly active: number;
  /** Slots that wait for one of them to end. */
  readonly waiting: number;
}

/** What becomes of a slot that comes now. */
export type Admission =
  | { readonly kind: 'start' }
  | { readonly kind: 'wait' }
  /** It takes the place of what waits, and what runs is stopped for it. */
  | { readonly kind: 'replace'; readonly stop: 'stop' | 'force' }
  | { readonly kind: 'skip'; readonly reason: string; readonly message: string };

const START: Admission = { kind: 'start' };
const WAIT: Admission = { kind: 'wait' };
const skip = (policy: OverlapPolicy, why: string): Admission => ({
  kind: 'skip',
  reason: 'overlap',
  message: `${why} (overlap: ${policy})`,
});

/** Judges a slot by the overlap policy of its schedule. */
export const admit = (policy: OverlapPolicy, limit: number, { active, waiting }: Standing): Admission => {
  const isFree = active === 0 && waiting === 0;
  switch (policy) {
    case 'allow_all':
      return START;
    case 'allow':
      return active < limit ? START : skip(policy, `${active} earlier runs have not ended, ${limit} are allowed`);
    case 'skip':
      return isFree ? START : skip(policy, 'an earlier run has not ended');
    case 'buffer_one':
      if (isFree) return START;
      return waiting === 0 ? WAIT : skip(policy, 'an earlier run has not ended, and another slot waits for that');
    case 'buffer_all':
      if (isFree) return START;
      return waiting < MAX_WAITING ? WAIT : skip(policy, `${waiting} slots wait already`);
    case 'cancel_other':
      return isFree ? START : { kind: 'replace', stop: 'stop' };
    case 'terminate_other':
      return isFree ? START : { kind: 'replace', stop: 'force' };
  }
};

/** How the schedule stands after a slot was judged. */
export const standingAfter = ({ active, waiting }: Standing, admission: Admission): Standing => {
  switch (admission.kind) {
    case 'start':
      return { active: active + 1, waiting };
    case 'wait':
      return { active, waiting: waiting + 1 };
    case 'replace':
      return { active, waiting: 1 };
    case 'skip':
      return { active, waiting };
  }
};

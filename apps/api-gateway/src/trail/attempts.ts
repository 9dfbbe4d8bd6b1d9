import { audit, type AuditSubject } from '@orderlines/persistence';
import { ANONYMOUS, inRequest, type Logger, type RequestContext } from '@orderlines/service-host';
import type { Pool } from 'pg';

/** Records of refusals that are being written; more are only in the API log. */
const MAX_AT_ONCE = 50;
/** Refusals of something that changes nothing by itself, or of a request that was only mistyped, are no attempts. */
const REFUSALS: readonly number[] = [401, 403, 404, 409, 412, 422, 423, 429];
const MISTYPED: readonly string[] = ['request.invalid', 'definition.invalid', 'request.invalid-cursor', 'route.not-found'];

/** What somebody tried. */
export interface Attempt {
  /** The verb, where the right that is needed does not say it. */
  readonly action: string;
  readonly subject: AuditSubject;
  /** False: it only reads. */
  readonly changes: boolean;
}

/** Why it was refused. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Writes down what was tried: every refused attempt, and every change that wrote no record itself. */
export class Attempts {
  private writing = 0;

  constructor(
    private readonly pool: Pool,
    private readonly logger: Logger,
  ) {}

  /** Notes a refusal beside its answer, which does not wait for it. */
  refused(context: RequestContext, attempt: Attempt, refusal: Refusal): void {
    if (!isToBeRecorded(context, attempt, refusal) || this.writing >= MAX_AT_ONCE) return;
    this.writing += 1;
    const { code, message } = refusal;
    inRequest(context, () => audit.record(this.pool, { ...described(context, attempt), refusal: { code, message } }))
      .catch((error: unknown) => this.logger.warn({ err: error }, 'a refused attempt is not in the audit trail'))
      .finally(() => (this.writing -= 1));
  }

  /** Records a change that has written no record in its own transaction. */
  async done(context: RequestContext, attempt: Attempt): Promise<void> {
    if (context.recorded > 0 || !attempt.changes) return;
    await inRequest(context, () => audit.record(this.pool, described(context, attempt)));
  }
}

/** Strangers cannot fill the trail: of those nobody knows only failed logins are recorded, which are slowed down. */
const isToBeRecorded = ({ actor }: RequestContext, { subject, changes }: Attempt, { status, code }: Refusal): boolean => {
  if (actor === ANONYMOUS) return subject.kind === 'Session' && changes && status !== 422;
  if (status === 401 || status === 403) return true;
  return changes && REFUSALS.includes(status) && !MISTYPED.includes(code);
};

const described = ({ need }: RequestContext, { action, subject }: Attempt) => ({
  action: need?.action ?? action,
  subject: { ...subject, kind: need?.subject ?? subject.kind },
});

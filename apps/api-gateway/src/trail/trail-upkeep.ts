import { forgetApiLog, linkAuditRecords, type ChainSigner, type Parameters } from '@orderlines/persistence';
import { repeat, type Logger, type Repetition } from '@orderlines/service-host';
import type { Pool } from 'pg';

/** How long a record of the audit trail waits for its link. */
const LINK_EVERY_MS = 1_000;
const FORGET_EVERY_MS = 60_000;
/** When there is still something left to do, the next round comes soon. */
const SOON_MS = 10;

/** What the trail needs all the time: records are linked, old entries of the API log forgotten. Every gateway does it; they do not get in each other's way. */
export class TrailUpkeep {
  private repetitions: Repetition[] = [];

  constructor(
    private readonly pool: Pool,
    private readonly signer: ChainSigner,
    private readonly parameters: Parameters,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.repetitions = [
      repeat({
        everyMs: LINK_EVERY_MS,
        round: async () => ((await linkAuditRecords(this.pool, this.signer)) > 0 ? SOON_MS : undefined),
        failed: (error) => this.logger.warn({ err: error }, 'records of the audit trail could not be linked; it is tried again'),
      }),
      repeat({
        everyMs: FORGET_EVERY_MS,
        round: async () => ((await forgetApiLog(this.pool, this.parameters.get('api_log_retention'))) > 0 ? SOON_MS : undefined),
        failed: (error) => this.logger.warn({ err: error }, 'old entries of the API log could not be deleted; it is tried again'),
      }),
    ];
  }

  async stop(): Promise<void> {
    await Promise.all(this.repetitions.map((repetition) => repetition.stop()));
  }
}

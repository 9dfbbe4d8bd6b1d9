import { RUNS, type LinkKind, type LinkMessage, type Publisher } from '@orderlines/messaging';
import { isTerminalProcess } from '@orderlines/contracts';
import { describeError, type Logger } from '@orderlines/service-host';
import type { CommittedRun } from '../instance/instance-runner.js';

/** A run, the one that asked for it, and which of the two has changed. */
export interface Link {
  readonly parentId: string;
  readonly taskInstanceId: string;
  readonly instanceId: string;
  /** Version of the run that says so. */
  readonly seq: number;
  readonly from: LinkKind;
}

/** Tells runs of those that they started or were started by, through RUNS: an executor then looks at both. */
export class LinkMessages {
  constructor(
    private readonly publisher: Publisher,
    private readonly logger: Logger,
  ) {}

  /** Tells what a commit changed between runs; resolves when NATS has it. */
  async committed(runs: readonly CommittedRun[]): Promise<void> {
    await Promise.all(runs.flatMap(linksOf).map((link) => this.tell(link)));
  }

  /** Tells it; what cannot be published now is found by the sweeper. */
  async tell({ parentId, taskInstanceId, instanceId, seq, from }: Link): Promise<void> {
    const payload: LinkMessage = { format: 1, parentId };
    try {
      await this.publisher.publishOnce({ subject: RUNS.link(instanceId, taskInstanceId, seq, from), payload });
    } catch (error) {
      this.logger.warn({ instanceId, parentId, error: describeError(error) }, 'a run could not be told of another one; the sweeper will');
    }
  }
}

const linksOf = ({ run, history }: CommittedRun): Link[] => {
  const { id, parent } = run.identity;
  const seq = run.seq + history.length;
  const down = [...run.childLinks.values()].map((link): Link => ({ ...link, parentId: id, seq, from: 'parent' }));
  if (parent === null || !isNewsForParent(run, parent.waits)) return down;
  return [...down, { parentId: parent.instanceId, taskInstanceId: parent.taskInstanceId, instanceId: id, seq, from: 'child' }];
};

/** A parent that waits hears of the end, any other one of the beginning. */
const isNewsForParent = ({ before, run }: CommittedRun['run'], waits: boolean): boolean =>
  waits ? run !== null && isTerminalProcess(run.status) && !(before && isTerminalProcess(before.status)) : before === null;

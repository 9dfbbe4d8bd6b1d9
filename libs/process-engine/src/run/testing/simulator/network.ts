import type { World } from './world.js';

/** A request without an answer is over after this time. */
const REQUEST_MS = 2_000;

/** Plain messages and requests between services: lost, doubled, late, overtaken. */
export class Network {
  constructor(private readonly world: World) {}

  /** Brings a message to where it is handled, perhaps, perhaps twice. */
  send(handle: () => void): void {
    const { chance, faults } = this.world;
    if (!chance.hits(faults.loss)) this.world.after(this.delay(), handle);
    if (chance.hits(faults.duplicate)) this.world.after(this.delay(), handle);
  }

  /** Brings a request to an executor; `settled` hears the first answer, or undefined when there is none in time. */
  request<Answer>(
    handle: (executor: World['executors'][number], reply: (answer: Answer) => void) => void,
    settled: (answer: Answer | undefined) => void,
  ): void {
    let isOver = false;
    const settle = (answer: Answer | undefined): void => {
      if (isOver) return;
      isOver = true;
      settled(answer);
    };
    this.world.after(REQUEST_MS, () => settle(undefined));
    this.send(() => {
      const executor = this.world.anyExecutor();
      if (executor) handle(executor, (answer) => this.send(() => settle(answer)));
    });
  }

  private delay(): number {
    const { chance, faults } = this.world;
    return chance.hits(faults.late) ? chance.between(5, 2_000) : chance.between(0, 5);
  }
}

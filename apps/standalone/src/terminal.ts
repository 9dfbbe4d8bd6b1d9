/** What a person sees while standalone starts: one line a step, with the time it took. */
export class Terminal {
  constructor(private readonly write: (text: string) => void = (text) => process.stdout.write(text)) {}

  /** Runs one step; its line appears when it is done. */
  async step<Result>(title: string, work: () => Promise<Result>): Promise<Result> {
    const since = performance.now();
    const result = await work();
    this.line(`✓ ${title} (${((performance.now() - since) / 1000).toFixed(1)} s)`);
    return result;
  }

  /** Writes one line. */
  line(text = ''): void {
    this.write(`${text}\n`);
  }
}

/** What happened in a simulation, line by line, for people. Kept only when somebody is going to read it. */
export class Story {
  readonly lines: string[] = [];

  constructor(private readonly isTold: boolean) {}

  /** Tells what somebody does; the text is made only when it is kept. */
  tell(at: number, who: string, what: () => string): void {
    if (this.isTold) this.lines.push(`${(at / 1_000).toFixed(3).padStart(9)} s  ${who.padEnd(12)}  ${what()}`);
  }
}

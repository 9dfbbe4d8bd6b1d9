/// <reference lib="webworker" />
import type { Problem } from '@orderlines/contracts';
import { readDefinition, type TaskTypeCatalogue } from '@orderlines/process-engine';

/** What the page asks. */
export interface ValidationQuestion {
  readonly number: number;
  readonly text: string;
  readonly taskTypes: TaskTypeCatalogue;
}

/** What the validator answers. */
export interface ValidationAnswer {
  readonly number: number;
  readonly problems: readonly Problem[];
}

addEventListener('message', ({ data: { number, text, taskTypes } }: MessageEvent<ValidationQuestion>) => {
  const answer: ValidationAnswer = { number, problems: readDefinition(text, taskTypes.size === 0 ? {} : { taskTypes }).problems };
  postMessage(answer);
});

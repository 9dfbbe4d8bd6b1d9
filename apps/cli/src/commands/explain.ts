import { Explanation } from '@orderlines/contracts';
import type { CommandLine } from '../command-line.js';
import { explanationText } from '../output/explanation-text.js';
import { runPath } from '../server/client.js';

/** `explain`: what a run does, what in it waits for what, and what to do about it. */
export const addExplain = (line: CommandLine): void => {
  line.root
    .command('explain')
    .summary('say why a run is not moving')
    .description('Say what a run does now, what in it waits, why, since when, and what to do about it.')
    .argument('<instance>', 'id of the run')
    .action(
      line.action(async (invocation, instance: string) => {
        const client = await invocation.client();
        const explanation = await client.ask(Explanation, { method: 'GET', path: `${runPath(instance)}/explain` });
        await invocation.print(explanation, () => explanationText(explanation));
      }),
    );
};

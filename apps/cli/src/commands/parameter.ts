import { PARAMETERS, ParameterNameParam, parameterFromText, ParameterView } from '@orderlines/contracts';
import { refused } from '../command-error.js';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { facts, table } from '../output/table.js';

/** `parameter list|set|reset`: settings of the whole platform that hold without a restart. */
export const addParameter = (line: CommandLine): void => {
  const parameter = line.root
    .command('parameter')
    .summary('show and change system parameters')
    .description('Settings of the whole platform; services follow a change within five seconds.');
  parameter.command('list').description('List all with their values and what they do.').action(line.action(listParameters));
  parameter.command('set <name> <value>').description('Change one.').action(line.action(setParameter));
  parameter.command('reset <name>').description('Give one its default again.').action(line.action(resetParameter));
};

const listParameters = async (invocation: Invocation): Promise<void> => {
  const all = await (await invocation.client()).ask(ParameterView.array(), { method: 'GET', path: 'parameters' });
  await invocation.print(all, () =>
    table<ParameterView>(
      [
        { heading: 'NAME', value: ({ name }) => name },
        { heading: 'VALUE', value: ({ value }) => String(value as string | number | boolean) },
        { heading: 'DEFAULT', value: (shown) => String(shown.default as string | number | boolean) },
        { heading: 'CHANGED BY', value: ({ updatedBy }) => updatedBy },
        { heading: 'WHAT IT DOES', value: ({ description }) => description.en },
      ],
      all,
    ),
  );
};

const nameOf = (text: string): ParameterNameParam => {
  const name = ParameterNameParam.safeParse(text);
  if (name.success) return name.data;
  throw refused(`there is no system parameter \`${text}\``, '`orderlines parameter list` shows them all');
};

const setParameter = async (invocation: Invocation, text: string, value: string): Promise<void> => {
  const name = nameOf(text);
  const body = { value: parameterFromText(PARAMETERS[name], value) };
  await tell(invocation, await (await invocation.client()).ask(ParameterView, { method: 'PUT', path: `parameters/${name}`, body }));
};

const resetParameter = async (invocation: Invocation, text: string): Promise<void> => {
  const request = { method: 'DELETE', path: `parameters/${nameOf(text)}` } as const;
  await tell(invocation, await (await invocation.client()).ask(ParameterView, request));
};

const tell = (invocation: Invocation, shown: ParameterView): Promise<void> =>
  invocation.print(shown, () =>
    facts({ name: shown.name, value: String(shown.value as string | number | boolean), steers: shown.readBy.join(', ') }),
  );

import { UsageView, VARIABLE_TYPES, VariableBody, VariableName, VariableView, type Json, type VariableType } from '@orderlines/contracts';
import { Option } from 'commander';
import { z } from 'zod';
import { refused } from '../command-error.js';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { facts, table } from '../output/table.js';

interface VariableOptions {
  readonly namespace?: string;
  readonly type: VariableType;
  readonly description?: string;
}

/** `variable set|list|usage|delete`: values that processes read as `config.<name>`. */
export const addVariable = (line: CommandLine): void => {
  const variable = line.root
    .command('variable')
    .summary('set, list and delete variables of namespaces')
    .description('Values that expressions read as `config.<name>`, as they are when a run starts.');
  variable
    .command('set <name> <value>')
    .description('Store a variable; numbers, booleans, lists and JSON are written as JSON.')
    .option('-n, --namespace <namespace>', 'whose variable; all namespaces read it when left out')
    .addOption(new Option('--type <type>', 'type of the value').choices(VARIABLE_TYPES).default('string'))
    .option('--description <text>', 'what it is for')
    .action(line.action(setVariable));
  variable.command('list').description('List variables.').action(line.action(listVariables));
  variable
    .command('usage <name>')
    .description('List the versions of processes that name it, and the schedules that start them.')
    .option('-n, --namespace <namespace>', 'whose variable')
    .action(
      line.action((invocation, name: string, { namespace }: VariableOptions) => showUsage(invocation, `variables/${name}`, namespace)),
    );
  variable
    .command('delete <name>')
    .description('Delete a variable; processes that name it cannot be started from then on.')
    .option('-n, --namespace <namespace>', 'whose variable')
    .action(line.action(deleteVariable));
};

const setVariable = async (invocation: Invocation, name: string, text: string, options: VariableOptions): Promise<void> => {
  const { type, namespace, description } = options;
  const body = VariableBody.safeParse({ type, value: type === 'string' ? text : parsed(text, type), description });
  if (!body.success) throw refused(z.prettifyError(body.error));
  const saved = await (await invocation.client()).ask(VariableView, { method: 'PUT', path: pathOf(name, namespace), body: body.data });
  await invocation.print(saved, () =>
    facts({ name: saved.name, namespace: saved.namespace || '(all)', value: JSON.stringify(saved.value) }),
  );
};

const parsed = (text: string, type: VariableType): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw refused(`\`${text}\` is not a ${type} written as JSON`);
  }
};

const listVariables = async (invocation: Invocation): Promise<void> => {
  const all = await (await invocation.client()).ask(VariableView.array(), { method: 'GET', path: 'variables' });
  await invocation.print(all, () =>
    table<VariableView>(
      [
        { heading: 'NAMESPACE', value: ({ namespace }) => namespace || '(all)' },
        { heading: 'NAME', value: ({ name }) => name },
        { heading: 'TYPE', value: ({ type }) => type },
        { heading: 'VALUE', value: ({ value }) => JSON.stringify(value) },
        { heading: 'CHANGED BY', value: ({ updatedBy }) => updatedBy },
      ],
      all,
    ),
  );
};

const deleteVariable = async (invocation: Invocation, name: string, { namespace }: VariableOptions): Promise<void> => {
  await (await invocation.client()).ask(z.unknown(), { method: 'DELETE', path: pathOf(name, namespace) });
  await invocation.print({ deleted: name, namespace: namespace ?? '' }, () => `deleted ${name}\n`);
};

/** Lists the versions that name a secret or variable. */
export const showUsage = async (invocation: Invocation, path: string, namespace = ''): Promise<void> => {
  const request = { method: 'GET', path: `${path}/usage?namespace=${encodeURIComponent(namespace)}` } as const;
  const used = await (await invocation.client()).ask(UsageView.array(), request);
  await invocation.print(used, () =>
    table<UsageView>(
      [
        { heading: 'PROCESS', value: (usage) => `${usage.namespace}/${usage.process}` },
        { heading: 'VERSION', value: ({ version, latest }) => `${version}${latest ? ' (latest)' : ''}` },
        { heading: 'SCHEDULES', value: ({ schedules }) => schedules.join(', ') },
      ],
      used,
    ),
  );
};

const pathOf = (name: string, namespace = ''): string => {
  if (!VariableName.safeParse(name).success) throw refused(`\`${name}\` is not a name: letters, digits and \`_\`, 64 at most`);
  return `variables/${name}?namespace=${encodeURIComponent(namespace)}`;
};

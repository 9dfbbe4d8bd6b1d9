import { SecretBody, SecretName, SecretNamespace, SecretView } from '@orderlines/contracts';
import { z } from 'zod';
import { refused } from '../command-error.js';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { facts, table } from '../output/table.js';
import { showUsage } from './variable.js';
import { readHidden } from '../password.js';

interface SecretOptions {
  readonly namespace?: string;
  readonly value?: string;
  readonly from?: string;
  readonly description?: string;
}

/** `secret set|list|delete`: values that tasks read as `secrets.<name>` and nobody else reads. */
export const addSecret = (line: CommandLine): void => {
  const secret = line.root
    .command('secret')
    .summary('set, list and delete secrets')
    .description('Secrets that expressions read as `secrets.<name>`.');
  secret
    .command('set <name>')
    .description('Store a secret. The value is asked for, or read from standard input, unless --value gives it.')
    .option('-n, --namespace <namespace>', 'whose secret; all namespaces read it when left out')
    .option('--from <reference>', 'it lies elsewhere: env:NAME or file:/path, read by executors where they allow it')
    .option('--value <value>', 'the value; others on this machine may see it in the list of processes')
    .option('--description <text>', 'what it is for')
    .action(line.action(setSecret));
  secret.command('list').description('List secrets, without their values.').action(line.action(listSecrets));
  secret
    .command('usage <name>')
    .description('List the versions of processes that name it, and the schedules that start them.')
    .option('-n, --namespace <namespace>', 'whose secret')
    .action(line.action((invocation, name: string, { namespace }: SecretOptions) => showUsage(invocation, `secrets/${name}`, namespace)));
  secret
    .command('delete <name>')
    .description('Delete a secret; tasks that name it fail from then on.')
    .option('-n, --namespace <namespace>', 'whose secret')
    .action(line.action(deleteSecret));
};

const setSecret = async (invocation: Invocation, name: string, { namespace, value, from, description }: SecretOptions): Promise<void> => {
  const path = pathOf(name, namespace);
  const place =
    from === undefined ? { value: value ?? (await readHidden(invocation.terminal, `Value of ${name}: `)) } : { reference: from };
  const body = SecretBody.safeParse({ ...place, description });
  if (!body.success) throw refused(z.prettifyError(body.error));
  const saved = await (await invocation.client()).ask(SecretView, { method: 'PUT', path, body: body.data });
  await invocation.print(saved, () => facts({ name: saved.name, namespace: saved.namespace || '(all)', 'changed at': saved.updatedAt }));
};

const listSecrets = async (invocation: Invocation): Promise<void> => {
  const secrets = await (await invocation.client()).ask(SecretView.array(), { method: 'GET', path: 'secrets' });
  await invocation.print(secrets, () =>
    table<SecretView>(
      [
        { heading: 'NAMESPACE', value: ({ namespace }) => namespace || '(all)' },
        { heading: 'NAME', value: ({ name }) => name },
        { heading: 'LIES IN', value: ({ reference }) => reference ?? 'orderlines' },
        { heading: 'DESCRIPTION', value: ({ description }) => description },
        { heading: 'CHANGED BY', value: ({ updatedBy }) => updatedBy },
        { heading: 'CHANGED AT', value: ({ updatedAt }) => updatedAt },
      ],
      secrets,
    ),
  );
};

const deleteSecret = async (invocation: Invocation, name: string, { namespace }: SecretOptions): Promise<void> => {
  await (await invocation.client()).ask(z.unknown(), { method: 'DELETE', path: pathOf(name, namespace) });
  await invocation.print({ deleted: name, namespace: namespace ?? '' }, () => `deleted ${name}\n`);
};

const pathOf = (name: string, namespace = ''): string => {
  const checked = z.object({ name: SecretName, namespace: SecretNamespace }).safeParse({ name, namespace });
  if (!checked.success) throw refused(z.prettifyError(checked.error));
  return `secrets/${name}?namespace=${encodeURIComponent(namespace)}`;
};

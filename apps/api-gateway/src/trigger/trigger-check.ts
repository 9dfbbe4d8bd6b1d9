import type { JsonObject, Problem, TriggerSettings } from '@orderlines/contracts';
import { findSecret, type ProcessVersion } from '@orderlines/persistence';
import { compile, processDocumentSchema, readTemplate, resolveParams } from '@orderlines/process-engine';
import { readTrigger, type TriggerRule } from '@orderlines/triggers';
import type { Pool } from 'pg';
import { RequestRefused } from '../problems/request-refused.js';

/** The rule of settings; refused with everything that is wrong with them. */
export const requireRule = (settings: TriggerSettings, others: readonly Problem[] = []): TriggerRule => {
  const { rule, problems } = readTrigger(settings);
  if (rule !== undefined && others.length === 0) return rule;
  const all = [...problems, ...others];
  throw new RequestRefused('trigger.invalid', all.map(({ message }) => message).join('; '), 422, { errors: all });
};

const problem = (message: string, path: string): Problem => ({ code: 'trigger.invalid', message, path, severity: 'error' });

/** What is wrong with the secret of a webhook's signatures. */
export const signatureProblems = async (pool: Pool, namespace: string, { webhook }: TriggerSettings): Promise<Problem[]> => {
  if (webhook === null) return [];
  const { style, secret } = webhook.signature;
  const path = 'webhook.signature.secret';
  if (style === 'none') return secret === null ? [] : [problem('a secret needs a style of signature beside it', 'webhook.signature.style')];
  if (secret === null) return [problem(`name the secret of ${namespace} with which requests are signed`, path)];
  const stored = await findSecret(pool, { namespace, name: secret });
  if (stored === null) return [problem(`there is no secret "${secret}" in ${namespace}: store it first`, path)];
  if (stored.reference === undefined) return [];
  return [problem(`the secret "${secret}" lies elsewhere (${stored.reference}), where only executors read it: store its value`, path)];
};

/** What is wrong with params, as far as it is known before an event comes: values that are made of the event are known only then. */
export const paramProblems = ({ document }: ProcessVersion, params: JsonObject): Problem[] => {
  const { params: declared } = compile(processDocumentSchema.parse(document));
  const isMade = (name: string) => Object.hasOwn(params, name) && readTemplate(params[name] ?? null).template.kind !== 'literal';
  const fixed = Object.fromEntries(
    Object.entries(params).filter(([name]) => !isMade(name) || !declared.some((param) => param.name === name)),
  );
  const { problems } = resolveParams({ params: declared.filter(({ name }) => !isMade(name)) }, fixed, {});
  // A default may be made of params that are not known yet.
  return problems.filter(({ code }) => code !== 'params.default');
};

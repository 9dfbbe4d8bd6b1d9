import { maskGuarded, type Json, type JsonObject } from '@orderlines/contracts';
import { evaluateTemplate, ExpressionError, ValueError, type Expression } from '@orderlines/process-engine';
import type { TriggerRule } from './trigger-rule.js';
import { fitsType } from './type-pattern.js';

/** Longest value of `by`. */
const MAX_KEY = 200;

/** What expressions know of the trigger itself. */
export interface TriggerNames {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
}

/** Why nothing starts: a stable code, and a sentence for people. */
export interface Obstacle {
  readonly reason: string;
  readonly message: string;
}

/** What an event is to a trigger. */
export type Judgement =
  /** Its start is due, now or after a quiet time; `key` says with what it belongs together. */
  | { readonly role: 'matches'; readonly key: string }
  /** What has to happen has happened. */
  | { readonly role: 'expected'; readonly key: string }
  /** What has to happen must follow now. */
  | { readonly role: 'awaits'; readonly key: string }
  | ({ readonly role: 'filtered' } & Obstacle)
  | ({ readonly role: 'failed' } & Obstacle);

/** Whether an event concerns a trigger at all: others are not even noted. */
export const concerns = ({ types, absence }: TriggerRule, type: string): boolean =>
  types === null || fitsType(types, type) || (absence?.kind === 'after' && fitsType(absence.types, type));

/** Judges an event that concerns a trigger: pure, so that it can be tried with any event. */
export const judgeEvent = (rule: TriggerRule, event: JsonObject, trigger: TriggerNames): Judgement => {
  const roots = { event, trigger: { ...trigger } };
  const { types, filter, debounce, absence } = rule;
  const type = typeof event['type'] === 'string' ? event['type'] : '';
  try {
    if ((types === null || fitsType(types, type)) && isTrue(filter, roots, 'filter')) {
      if (absence === null) return { role: 'matches', key: keyOf(debounce?.by ?? null, roots) };
      return { role: 'expected', key: keyOf(absence.kind === 'after' ? absence.by : null, roots) };
    }
    if (absence?.kind === 'after' && fitsType(absence.types, type) && isTrue(absence.filter, roots, 'filter of `after`')) {
      return { role: 'awaits', key: keyOf(absence.by, roots) };
    }
    return { role: 'filtered', reason: 'filter', message: 'the filter is not true for it' };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    return { role: 'failed', reason: error.reason, message: error.message };
  }
};

/** What params are made of beside the trigger. */
export interface ParamRoots {
  readonly event: Json;
  readonly events: Json[];
  /** Of something that did not happen: since when it was waited for, and until when. */
  readonly absence?: { readonly since: string; readonly until: string };
}

/** Params of a start, or why there are none. */
export type MappedParams = { readonly params: JsonObject } | { readonly obstacle: Obstacle };

/** Makes the params of a run. */
export const mapParams = ({ params }: TriggerRule, { event, events, absence }: ParamRoots, trigger: TriggerNames): MappedParams => {
  try {
    const roots = { event, events, trigger: { ...trigger }, absence: absence ? { ...absence } : null };
    return { params: evaluateTemplate(params, roots) as JsonObject };
  } catch (error) {
    if (!isMistake(error)) throw error;
    return { obstacle: { reason: 'params', message: `the params cannot be made: ${told(error)}` } };
  }
};

/** Something that cannot be evaluated with this event. */
class Unusable extends Error {
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

type Roots = Readonly<Record<string, Json>>;

const isTrue = (filter: Expression | null, roots: Roots, what: string): boolean => {
  if (filter === null) return true;
  const value = evaluated(filter, roots, 'filter', what);
  if (typeof value === 'boolean') return value;
  throw new Unusable('filter', `the ${what} gives ${shown(value)}, not true or false`);
};

const keyOf = (by: Expression | null, roots: Roots): string => {
  if (by === null) return '';
  const value = evaluated(by, roots, 'by', '`by`');
  const key = typeof value === 'string' ? value : JSON.stringify(value);
  if (key.length <= MAX_KEY) return key;
  throw new Unusable('by', `\`by\` gives ${key.length} characters; ${MAX_KEY} are enough to tell what belongs together`);
};

const evaluated = (expression: Expression, roots: Roots, reason: string, what: string): Json => {
  try {
    return expression.evaluate(roots);
  } catch (error) {
    if (!isMistake(error)) throw error;
    throw new Unusable(reason, `the ${what} cannot be evaluated: ${told(error)}`);
  }
};

const isMistake = (error: unknown): error is Error => error instanceof ExpressionError || error instanceof ValueError;

const told = (error: Error): string =>
  maskGuarded(error instanceof ExpressionError ? `\`${error.expression.trim().slice(0, 200)}\`: ${error.message}` : error.message).slice(
    0,
    500,
  );

const shown = (value: Json): string => JSON.stringify(value).slice(0, 80);

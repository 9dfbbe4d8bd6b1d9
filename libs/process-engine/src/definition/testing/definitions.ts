import type { Problem } from '@orderlines/contracts';
import type { CompiledProcess } from '../compiled.js';
import type { ProcessDocument } from '../document.js';
import { readDefinition, type ReadDefinitionOptions } from '../read-definition.js';

/** A definition whose flow is the given YAML, with a param, two variables and what else stands at the top. */
export const withFlow = (flow: string, top = ''): string => `apiVersion: orderlines/v1
kind: Process
name: sample
params: [{ name: version, type: string }]
variables: [{ name: count, type: integer, value: 0 }, { name: tags, type: list }]
${top}flow:
${flow}`;

/** The problems of a definition as lines of text. */
export const problemsOf = (text: string, options?: ReadDefinitionOptions): string[] => readDefinition(text, options).problems.map(lineOf);

/** The problems of a definition with the flow given, as `code path: message`. */
export const problemsOfFlow = (flow: string, top = '', options?: ReadDefinitionOptions): string[] =>
  readDefinition(withFlow(flow, top), options).problems.map(({ code, path, message }) => `${code} ${path}: ${message}`);

/** A problem as one line: `3:5 error definition.code path: message`. */
export const lineOf = ({ line, column, severity, code, path, message }: Problem): string =>
  `${line}:${column} ${severity} ${code} ${path}: ${message}`;

/** A definition that must be right, compiled. */
export function compiledOf(text: string): { readonly document: ProcessDocument; readonly compiled: CompiledProcess } {
  const { document, compiled, problems } = readDefinition(text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (document === undefined || compiled === undefined) throw new Error(errors.map(lineOf).join('\n'));
  return { document, compiled };
}

/** A definition with the flow given, which must be right, compiled. */
export const compiledFlow = (flow: string, top = ''): CompiledProcess => compiledOf(withFlow(flow, top)).compiled;

import { cleanJson, type Json, type JsonObject, type PlannedStep, type Problem, type StartPlan } from '@orderlines/contracts';
import type { Process, ProcessVersion } from '@orderlines/persistence';
import {
  compile,
  evaluateTemplate,
  ExpressionError,
  processDocumentSchema,
  resolveParams,
  type CompiledNode,
  type Expression,
  type Template,
} from '@orderlines/process-engine';
import { RequestRefused } from '../problems/request-refused.js';

/** What of `run` is known before there is one. */
const KNOWN_OF_RUN: readonly string[] = ['process', 'version', 'namespace', 'startedBy', 'origin'];

/** What a start would do: params and arguments resolved as far as they are known beforehand. Refused with all problems. */
export const planStart = (
  process: Pick<Process, 'id' | 'namespace' | 'name'>,
  version: ProcessVersion,
  given: JsonObject,
  actor: string,
  origin: string,
): StartPlan => {
  const { id, namespace, name } = process;
  const compiled = compile(processDocumentSchema.parse(version.document));
  const run = { process: name, version: version.number, namespace, startedBy: actor, origin, logicalTime: new Date().toISOString() };
  const { params, problems } = resolveParams(compiled, cleanJson(given), run);
  if (problems.length > 0) throw refused('params.invalid', problems);
  const resolver = new Resolver({ params, run });
  const steps = [...compiled.flows.values()].flatMap((flow) =>
    flow.nodeIds.map((nodeId) => stepOf(compiled.nodes.get(nodeId) as CompiledNode, resolver)),
  );
  if (resolver.problems.length > 0) throw refused('definition.expression', resolver.problems);
  return {
    process: { id, namespace, name, version: version.number },
    params,
    variables: Object.fromEntries(compiled.variables.map((variable) => [variable.name, variable.value])),
    steps,
  };
};

const refused = (code: string, problems: readonly Problem[]): RequestRefused =>
  new RequestRefused(code, problems.map(({ message }) => message).join('; '), 422, { errors: problems });

const stepOf = (node: CompiledNode, resolver: Resolver): PlannedStep => ({
  nodeId: node.id,
  name: node.name,
  type: node.type,
  uses: node.type === 'task' ? node.uses : null,
  flow: node.flow,
  queue: node.type === 'task' ? node.queue : null,
  input: node.type === 'task' ? resolver.resolve(node.with, `${node.id}.with`) : null,
  next: node.next,
});

/** Evaluates what depends on params and the run's constants only; the rest stays as it is written. */
class Resolver {
  readonly problems: Problem[] = [];

  constructor(private readonly roots: { readonly params: JsonObject; readonly run: JsonObject }) {}

  resolve(template: Template, path: string): Json {
    switch (template.kind) {
      case 'literal':
        return template.value;
      case 'list':
        return template.items.map((item, index) => this.resolve(item, `${path}[${index}]`));
      case 'map':
        return Object.fromEntries(template.entries.map(([key, item]) => [key, this.resolve(item, `${path}.${key}`)]));
      case 'expression':
        return isKnown(template.expression) ? this.evaluate(template, path) : written(template.expression);
      case 'text':
        return template.parts.every((part) => typeof part === 'string' || isKnown(part))
          ? this.evaluate(template, path)
          : template.parts.map((part) => (typeof part === 'string' ? part : written(part))).join('');
    }
  }

  private evaluate(template: Template, path: string): Json {
    try {
      return evaluateTemplate(template, this.roots);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const message = `\`${error.expression.trim()}\` failed: ${error.message}`;
      this.problems.push({ code: 'definition.expression', message, path, severity: 'error' });
      return null;
    }
  }
}

const isKnown = ({ uses }: Expression): boolean =>
  uses.every(({ root, name }) => root === 'params' || (root === 'run' && name !== undefined && KNOWN_OF_RUN.includes(name)));

const written = ({ source }: Expression): string => `\${{ ${source.trim()} }}`;

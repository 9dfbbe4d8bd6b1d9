import type { Problem } from '@orderlines/contracts';
import { type NodeDocument, type ProcessDocument } from '../document.js';
import { ArgumentConverter } from './arguments.js';
import { ConditionConverter } from './conditions.js';
import { Declarations } from './declarations.js';
import { FlowBuilder } from './flows.js';
import { headerOf } from './header.js';
import { Identifiers } from './identifiers.js';
import { isTooDeep, readStructure } from './links.js';
import { NodeReader } from './nodes.js';
import { FlowOrders } from './flow-orders.js';
import { Places } from './places.js';
import { Report } from './report.js';
import { SettingsReader } from './settings.js';
import { readSource } from './source.js';

/** What an import gives. */
export interface LegacyImport {
  /** The process in the new format; absent when a problem is an error. */
  readonly document?: ProcessDocument;
  /** The older `process_id`, by which the process can still be started. */
  readonly legacyId?: string;
  /** Sentences about what is now written in another way. */
  readonly converted: readonly string[];
  /** All that is wrong, at once; paths lead into the older document. */
  readonly problems: readonly Problem[];
  /** The place in the older document that a path in the new one came from, for what is found wrong there later. */
  placeOf(path: string): string;
}

/** What an import may know beside the definition. */
export interface LegacyOptions {
  /** Names of the task types that workers offer; one named `Module.method` serves that method. */
  readonly taskTypes?: Iterable<string>;
}

/** Reads a definition of the Python orderlines; `object` is never changed. */
export function importLegacy(object: unknown, options: LegacyOptions = {}): LegacyImport {
  const report = new Report();
  const source = readSource(object, report);
  if (source === undefined) return { converted: [], problems: report.problems, placeOf: (path) => path };
  const taskTypes = new Set(options.taskTypes ?? []);
  const nodes = new NodeReader(source, report).read();
  const identifiers = new Identifiers(nodes, report);
  const declarations = new Declarations(source, report);
  const converter = new ArgumentConverter(declarations, report);
  const settings = new SettingsReader(taskTypes, report);
  const structure = readStructure(nodes, report);
  const flow = (): NodeDocument[] => {
    const orders = new FlowOrders(structure, report);
    const tools = { structure, orders, identifiers, declarations, converter, settings, taskTypes, report };
    return new FlowBuilder({ ...tools, conditions: new ConditionConverter(tools) }).main();
  };
  const steps = isTooDeep(structure, report) ? [] : flow();
  const { before, after } = headerOf(source, { identifiers, converter, taskTypes, report });
  const { params, variables } = declarations;
  const document: ProcessDocument = {
    ...before,
    ...(params.length === 0 ? {} : { params }),
    ...(variables.length === 0 ? {} : { variables }),
    ...after,
    flow: steps,
  };
  const places = new Places(source, nodes, identifiers);
  const legacyId = source.header.process_id ?? undefined;
  return {
    ...(report.succeeded ? { document } : {}),
    ...(legacyId === undefined ? {} : { legacyId }),
    converted: report.converted,
    problems: report.problems,
    placeOf: (path) => places.of(path, document),
  };
}

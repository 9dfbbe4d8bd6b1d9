export * from './variables/template.js';
export * from './definition/compiled.js';
export * from './run/event.js';
export * from './run/changes.js';
export * from './run/context.js';
export * from './run/state.js';
export * from './run/transition.js';
export * from './run/advance.js';
export * from './run/operations/matrix.js';
export * from './run/rerun.js';
export * from './run/signal-waits.js';
export * from './run/child-links.js';
export * from './run/child-step.js';
export { circlesOf } from './run/slot-circles.js';
export { judgeSlot, type SlotRun, type SlotVerdict } from './run/slots.js';
export * from './run/approval/candidates.js';
export type { Answer, Decision } from './run/approval/answers.js';
export type { Tally } from './run/approval/tally.js';
export * from './definition/document.js';
export { END, FAIL, runsOn, targetOf } from './definition/flow-graph.js';
export {
  CALLBACK_STATES,
  DECLARED_TYPES,
  DEFAULT_ITEM_NAME,
  DEFAULT_NAMESPACE,
  MAX_CONCURRENCY,
  MAX_RETRIES,
  SLOT_POLICIES,
  TRIGGERS,
  UNUSABLE_NAME,
  type CallbackDocument,
  type ParamDocument,
  type RetryDocument,
  type VariableDocument,
} from './definition/document-fields.js';
export * from './variables/expression.js';
export * from './variables/parse-template.js';
export * from './variables/evaluate-template.js';
export * from './variables/duration.js';
export * from './variables/expressions-of.js';
export * from './definition/compile.js';
export * from './variables/convert.js';
export * from './variables/resolve-params.js';
export * from './definition/parse.js';
export * from './definition/source.js';
export * from './definition/task-types.js';
export * from './definition/validate.js';
export * from './definition/json-schema.js';
export * from './definition/compare.js';
export * from './definition/hosts.js';
export * from './definition/renamed.js';
export * from './definition/export-yaml.js';
export * from './definition/read-definition.js';
export { exportLegacy, type LegacyExport } from './definition/legacy/index.js';
export { ValueError } from './variables/operators.js';

export { fitsType } from './type-pattern.js';
export type { AbsenceRule, DebounceRule, TriggerRule } from './trigger-rule.js';
export { readTrigger, type JudgingSettings, type ReadTrigger } from './read-trigger.js';
export {
  concerns,
  judgeEvent,
  mapParams,
  type Judgement,
  type MappedParams,
  type Obstacle,
  type ParamRoots,
  type TriggerNames,
} from './judge-event.js';
export { answered, awaitAfter, collect, expire, firstTimer, type Expiry, type TimedEvent, type Timer } from './timers.js';

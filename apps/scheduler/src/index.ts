export { schedulerDefaults, schedulerEnvironment, type SchedulerConfig } from './config.js';
export { startScheduler, type RunningScheduler } from './start-scheduler.js';

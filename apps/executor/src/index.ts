export { executorDefaults, executorEnvironment, type ExecutorConfig } from './config.js';
export { startExecutor, type RunningExecutor } from './start-executor.js';

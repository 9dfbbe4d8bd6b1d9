import { Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Executor, type ExecutorSurroundings } from './executor.js';

/** Runs the executor with the application: starts after everything is wired, stops before anything is closed. */
@Module({})
export class ExecutorModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly executor: Executor) {}

  static forRoot(surroundings: ExecutorSurroundings): DynamicModule {
    return {
      module: ExecutorModule,
      providers: [{ provide: Executor, useFactory: () => new Executor(surroundings) }],
      exports: [Executor],
    };
  }

  onApplicationBootstrap(): Promise<void> {
    return this.executor.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.executor.stop();
  }
}

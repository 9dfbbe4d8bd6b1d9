import { Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Scheduler, type SchedulerSurroundings } from './scheduler.js';

/** Runs the scheduler with the application: starts after everything is wired, stops before anything is closed. */
@Module({})
export class SchedulerModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly scheduler: Scheduler) {}

  static forRoot(surroundings: SchedulerSurroundings): DynamicModule {
    return {
      module: SchedulerModule,
      providers: [{ provide: Scheduler, useFactory: () => new Scheduler(surroundings) }],
      exports: [Scheduler],
    };
  }

  onApplicationBootstrap(): void {
    this.scheduler.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.scheduler.stop();
  }
}

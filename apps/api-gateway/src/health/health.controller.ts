import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { OpenDoor } from '@orderlines/auth';
import { readiness, type HealthCheck, type Readiness, type Registry } from '@orderlines/service-host';
import type { Response } from 'express';

/** Under this token Nest gives the checks of the gateway. */
export const HEALTH_CHECKS = Symbol('health checks');
/** Under this token Nest gives the metrics of the gateway. */
export const METRICS = Symbol('metrics');

/** Whether the gateway lives, whether it can serve, and its figures; for machines, without login. */
@Controller()
@ApiExcludeController()
@OpenDoor()
export class HealthController {
  constructor(
    @Inject(HEALTH_CHECKS) private readonly checks: Readonly<Record<string, HealthCheck>>,
    @Inject(METRICS) private readonly metrics: Registry,
  ) {}

  @Get('health/live')
  live(): { live: true } {
    return { live: true };
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness> {
    const state = await readiness(this.checks);
    response.status(state.ready ? 200 : 503);
    return state;
  }

  @Get('metrics')
  async figures(@Res() response: Response): Promise<void> {
    response.setHeader('content-type', this.metrics.contentType).send(await this.metrics.metrics());
  }
}

import 'reflect-metadata';

export { gatewayDefaults, gatewayEnvironment, type GatewayConfig } from './config.js';
export { startApiGateway, type RunningGateway } from './start-api-gateway.js';

import { isIP, isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import type { ExecutorConfig } from './config.js';

const LOOPBACK = '127.0.0.1';
const isLoopback = (host: string) => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
const isEverywhere = (host: string) => host === '0.0.0.0' || host === '::';
const withPort = (host: string, port: number) => (isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`);

/** Where the gRPC door listens and what gateways are told. */
export interface GrpcAddress {
  /** What the door is bound to. */
  readonly listens: string;
  /** Whether it listens on less than it was told to, because it has no token to ask for. */
  readonly confined: boolean;
  /** Where gateways reach it when it has this port. */
  advertised(port: number): string;
}

/** A door without a token is for this machine only; one on all addresses is reached by the machine's name unless another is given. */
export const grpcAddressOf = ({
  host,
  grpcPort,
  internalToken,
  advertisedHost,
}: Pick<ExecutorConfig, 'host' | 'grpcPort' | 'internalToken' | 'advertisedHost'>): GrpcAddress => {
  const confined = internalToken === undefined && !isLoopback(host);
  const listensOn = confined ? LOOPBACK : host;
  const reachedAt = confined ? LOOPBACK : (advertisedHost ?? (isEverywhere(host) ? hostname() : host));
  return { listens: withPort(listensOn, grpcPort), confined, advertised: (port) => withPort(reachedAt, port) };
};

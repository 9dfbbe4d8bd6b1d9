import { Metadata } from '@grpc/grpc-js';
import { z } from 'zod';

const KEY = 'orderlines-request-bin';

/** For which request a service asks another one: what the audit trail says of it. */
export const RequestOrigin = z.object({
  requestId: z.string().min(1).max(200),
  door: z.enum(['http', 'grpc', 'command', 'service']),
  address: z.string().max(200),
});
/** For which request a service asks another one: what the audit trail says of it. */
export type RequestOrigin = z.infer<typeof RequestOrigin>;

/** Puts the origin into the metadata of a call. */
export const withOrigin = (metadata: Metadata, { requestId, door, address }: RequestOrigin): Metadata => {
  metadata.set(KEY, Buffer.from(JSON.stringify({ requestId, door, address })));
  return metadata;
};

/** The origin that a call brings; undefined: it brings none that can be read. */
export const originOf = (metadata: Metadata): RequestOrigin | undefined => {
  try {
    return RequestOrigin.parse(JSON.parse(metadata.get(KEY)[0]?.toString() ?? ''));
  } catch {
    return undefined;
  }
};

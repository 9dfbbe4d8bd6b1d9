import { z } from 'zod';
import { natsAddress } from './nats-address.js';

/** Environment variables through which every service learns where NATS is and as whom to log in. */
export const natsVariables = {
  /** `nats://host:4222`, several after commas; user and password may stand in it. */
  ORDERLINES_NATS_URL: z.string().min(1),
  /** Instead of the user in the address. */
  ORDERLINES_NATS_USER: z.string().min(1).optional(),
  ORDERLINES_NATS_PASSWORD: z.string().optional(),
};

/** The address of NATS with the login that the variables name, as `connectNats` takes it. */
export const natsUrlOf = (variables: z.output<z.ZodObject<typeof natsVariables>>): string => {
  const { ORDERLINES_NATS_URL: url, ORDERLINES_NATS_USER: user, ORDERLINES_NATS_PASSWORD: password = '' } = variables;
  if (user === undefined) return url;
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  return natsAddress(url)
    .servers.map((server) => server.replace(/^(\w+:\/\/)?/, (scheme) => `${scheme || 'nats://'}${login}`))
    .join(',');
};

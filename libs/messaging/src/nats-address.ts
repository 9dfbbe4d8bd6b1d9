/** Where NATS is, and as whom to log in. */
export interface NatsAddress {
  readonly servers: string[];
  readonly credentials?: { readonly user: string; readonly password: string };
}

/** User and password that stand in a NATS address (`nats://user:password@host:4222`, several after commas), and the address without them. */
export const natsAddress = (url: string): NatsAddress => {
  let credentials: NatsAddress['credentials'];
  const servers = url.split(',').map((address) => {
    const [, scheme = '', user, password = '', rest = ''] = /^(\w+:\/\/)(?:([^:@/]+)(?::([^@/]*))?@)?(.*)$/.exec(address.trim()) ?? [];
    if (user !== undefined) credentials = { user: decodeURIComponent(user), password: decodeURIComponent(password) };
    return scheme === '' ? address.trim() : `${scheme}${rest}`;
  });
  return { servers, ...(credentials ? { credentials } : {}) };
};

import { createHmac } from 'node:crypto';
import { natsUserName, type NatsLogin } from '@orderlines/messaging';

/** Name of standalone's own worker. */
export const LOCAL_WORKER = 'local';
/** Queues of standalone's own worker. */
export const LOCAL_QUEUES = ['default'];

/** The NATS users of a standalone; `platform` is for services started one by one beside it. */
export type NatsLogins = Readonly<Record<'platform' | 'gateway' | 'executor' | 'scheduler' | 'worker', NatsLogin>>;
/** Addresses with user and password. */
export type NatsUrls = { readonly [Service in keyof NatsLogins]: string };

/** Users with passwords that follow from the installation's secret: a restart keeps them. */
export const natsLogins = (secret: string): NatsLogins => {
  const password = (user: string) => createHmac('sha256', secret).update(`nats ${user}`).digest('base64url');
  return {
    platform: { user: { role: 'platform' }, password: password('platform') },
    gateway: { user: { role: 'gateway' }, password: password('gateway') },
    executor: { user: { role: 'executor' }, password: password('executor') },
    scheduler: { user: { role: 'scheduler' }, password: password('scheduler') },
    worker: { user: { role: 'worker', worker: LOCAL_WORKER, queues: LOCAL_QUEUES }, password: password('worker') },
  };
};

/** The address of the server for every login. */
export const withLogin = (url: string, logins: NatsLogins): NatsUrls => {
  const { host } = new URL(url);
  const address = ({ user, password }: NatsLogin) => `nats://${natsUserName(user)}:${password}@${host}`;
  return {
    platform: address(logins.platform),
    gateway: address(logins.gateway),
    executor: address(logins.executor),
    scheduler: address(logins.scheduler),
    worker: address(logins.worker),
  };
};

import { natsUserName, rightsOf, type NatsUser } from './nats-users.js';

/** A user with its password; a bcrypt hash (`$2a$…`) is taken as such by the server. */
export interface NatsLogin {
  readonly user: NatsUser;
  readonly password: string;
}

const list = (subjects: readonly string[]) => JSON.stringify(subjects);

const renderUser = ({ user, password }: NatsLogin): string => {
  const { publish, subscribe, answers } = rightsOf(user);
  return `    {
      user: ${JSON.stringify(natsUserName(user))}
      password: ${JSON.stringify(password)}
      permissions: {
        publish: { allow: ${list(publish)} }
        subscribe: { allow: ${list(subscribe)} }${answers ? '\n        allow_responses: { max: 1, expires: "1m" }' : ''}
      }
    }`;
};

/** The `authorization` part of a nats-server's configuration: nobody else gets in. */
export const renderServerConfig = (logins: readonly NatsLogin[]): string => `authorization {
  timeout: 10
  users = [
${logins.map(renderUser).join('\n')}
  ]
}
`;

import { readFileSync } from 'node:fs';
import { credentials, ServerCredentials, type ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { z } from 'zod';

/** Files of one side of a connection with TLS, in PEM. */
export interface TlsFiles {
  /** Its certificate, with those between it and an authority. */
  readonly certificate: string;
  readonly key: string;
  /** Authorities that the other side's certificate must be from; a server with them lets in nobody without one (mTLS). */
  readonly authorities?: string | undefined;
  /** Name in the servers' certificates, where it is not the host that they are reached under. */
  readonly serverName?: string | undefined;
}

const File = z.string().min(1).optional();

/** `<prefix>_CERT`, `<prefix>_KEY`, `<prefix>_CA`, `<prefix>_SERVER_NAME`: files of a door; without them it speaks plain HTTP/2. */
export const tlsVariables = <Prefix extends string>(prefix: Prefix) =>
  ({ [`${prefix}_CERT`]: File, [`${prefix}_KEY`]: File, [`${prefix}_CA`]: File, [`${prefix}_SERVER_NAME`]: File }) as Record<
    `${Prefix}_${'CERT' | 'KEY' | 'CA' | 'SERVER_NAME'}`,
    typeof File
  >;

/** The files that variables of that prefix name; undefined: none. A certificate without its key, or the reverse, is an error. */
export const tlsFilesOf = (variables: Readonly<Record<string, unknown>>, prefix: string): TlsFiles | undefined => {
  const named = (name: string) => variables[`${prefix}_${name}`] as string | undefined;
  const [certificate, key, authorities, serverName] = [named('CERT'), named('KEY'), named('CA'), named('SERVER_NAME')];
  if (certificate === undefined && key === undefined && authorities === undefined) return undefined;
  if (certificate === undefined || key === undefined) throw new Error(`${prefix}_CERT and ${prefix}_KEY belong together: give both.`);
  return { certificate, key, authorities, serverName };
};

/** Credentials of a server: TLS with these files, with mTLS when they name authorities; plain without files. */
export const serverCredentials = (files: TlsFiles | undefined): ServerCredentials => {
  if (!files) return ServerCredentials.createInsecure();
  const pair = { cert_chain: readFileSync(files.certificate), private_key: readFileSync(files.key) };
  return ServerCredentials.createSsl(authoritiesOf(files), [pair], files.authorities !== undefined);
};

/** Credentials and options of a client of such a server, which shows its own certificate. */
export const channelSecurity = (
  files: TlsFiles | undefined,
): { readonly credentials: ChannelCredentials; readonly options: ChannelOptions } => {
  if (!files) return { credentials: credentials.createInsecure(), options: {} };
  return {
    credentials: credentials.createSsl(authoritiesOf(files), readFileSync(files.key), readFileSync(files.certificate)),
    options: files.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': files.serverName },
  };
};

const authoritiesOf = ({ authorities }: TlsFiles): Buffer | null => (authorities === undefined ? null : readFileSync(authorities));

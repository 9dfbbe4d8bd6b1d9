import type { OidcSettings } from '@orderlines/auth';
import { natsUrlOf, natsVariables } from '@orderlines/messaging';
import { internalTokenVariable, tlsFilesOf, tlsVariables, type TlsFiles } from '@orderlines/rpc';
import { secretKeyVariable } from '@orderlines/secrets';
import { portVariable, serviceVariables, type ServiceLogLevel, VERSION } from '@orderlines/service-host';
import { z } from 'zod';

/** What a gateway needs to run. */
export interface GatewayConfig {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  /** Where its doors listen. */
  readonly host: string;
  /** HTTP; 0 lets the system choose. */
  readonly port: number;
  /** gRPC; 0 lets the system choose. */
  readonly grpcPort: number;
  /** Health and metrics when the HTTP door, which else has them, is shut; 0 lets the system choose. */
  readonly healthPort: number;
  /** Doors that are opened. */
  readonly doors: { readonly http: boolean; readonly grpc: boolean };
  readonly logLevel: ServiceLogLevel;
  readonly version: string;
  /** What executors want to be shown; absent: they want nothing, and listen on this machine only. */
  readonly internalToken?: string | undefined;
  /** TLS between the services of an installation, both sides with certificates; absent: plain. */
  readonly internalTls?: TlsFiles | undefined;
  /** Keys of secrets at rest, as `ORDERLINES_SECRET_KEY` gives them; absent: there can be no secrets. */
  readonly secretKey?: string | undefined;
  /** Where browsers reach the HTTP door; with https cookies are sent by https only. Absent: they come straight, by http. */
  readonly publicUrl?: string | undefined;
  /** Addresses or networks of proxies whose `X-Forwarded-For` says where a request comes from; absent: nobody is believed. */
  readonly trustedProxies?: readonly string[];
  /** TLS of the public gRPC door; with authorities only clients with a certificate of theirs come in. Absent: plain. */
  readonly grpcTls?: TlsFiles | undefined;
  /** The provider people may log in at; absent: there is none. */
  readonly oidc?: OidcSettings | undefined;
  /** Module of the threads that read definitions; absent: the built `definition-reader.js` beside this module. */
  readonly definitionReaderUrl?: URL;
  /** Folder of the built console, served at `/`; absent: the HTTP door serves only the API. */
  readonly consoleFolder?: string | undefined;
}

/** What holds unless it is said otherwise. */
export const gatewayDefaults = {
  host: '127.0.0.1',
  port: 15_900,
  grpcPort: 50_051,
  healthPort: 0,
  doors: { http: true, grpc: true },
  logLevel: 'info',
  version: VERSION,
} as const satisfies Partial<GatewayConfig>;

/** Addresses (`10.0.0.7`) and networks (`10.0.0.0/8`) with commas between them. */
const networks = z
  .string()
  .transform((text) => text.split(',').map((network) => network.trim()))
  .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'addresses or networks such as 10.0.0.0/8, with commas')));

/** Environment variables of the gateway's process. */
export const gatewayEnvironment = z
  .object({
    ...serviceVariables,
    ORDERLINES_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    ...natsVariables,
    ORDERLINES_SECRET_KEY: secretKeyVariable(),
    ORDERLINES_INTERNAL_TOKEN: internalTokenVariable(),
    ...tlsVariables('ORDERLINES_INTERNAL_TLS'),
    ...tlsVariables('ORDERLINES_GRPC_TLS'),
    ORDERLINES_PORT: portVariable().default(gatewayDefaults.port),
    ORDERLINES_GRPC_PORT: portVariable().default(gatewayDefaults.grpcPort),
    ORDERLINES_DOORS: z.enum(['all', 'http', 'grpc']).default('all'),
    ORDERLINES_CONSOLE_DIR: z.string().min(1).optional(),
    ORDERLINES_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
    ORDERLINES_TRUSTED_PROXIES: networks.optional(),
    ORDERLINES_OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
    ORDERLINES_OIDC_CLIENT_ID: z.string().min(1).optional(),
    ORDERLINES_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
    ORDERLINES_OIDC_NAME: z.string().min(1).max(50).default('OpenID Connect'),
    ORDERLINES_OIDC_NEW_USERS: z.enum(['refuse', 'pending']).default('refuse'),
    ORDERLINES_VERSION: z.string().default(gatewayDefaults.version),
  })
  .transform((variables): GatewayConfig => ({
    databaseUrl: variables.ORDERLINES_DATABASE_URL,
    natsUrl: natsUrlOf(variables),
    secretKey: variables.ORDERLINES_SECRET_KEY,
    publicUrl: variables.ORDERLINES_PUBLIC_URL,
    ...(variables.ORDERLINES_TRUSTED_PROXIES && { trustedProxies: variables.ORDERLINES_TRUSTED_PROXIES }),
    oidc: oidcSettings(variables),
    internalToken: variables.ORDERLINES_INTERNAL_TOKEN,
    grpcTls: tlsFilesOf(variables, 'ORDERLINES_GRPC_TLS'),
    internalTls: tlsFilesOf(variables, 'ORDERLINES_INTERNAL_TLS'),
    host: variables.ORDERLINES_HOST,
    port: variables.ORDERLINES_PORT,
    grpcPort: variables.ORDERLINES_GRPC_PORT,
    healthPort: variables.ORDERLINES_HEALTH_PORT,
    doors: { http: variables.ORDERLINES_DOORS !== 'grpc', grpc: variables.ORDERLINES_DOORS !== 'http' },
    logLevel: variables.ORDERLINES_LOG_LEVEL,
    version: variables.ORDERLINES_VERSION,
    consoleFolder: variables.ORDERLINES_CONSOLE_DIR,
  }));

interface OidcVariables {
  readonly ORDERLINES_PUBLIC_URL?: string | undefined;
  readonly ORDERLINES_OIDC_ISSUER?: string | undefined;
  readonly ORDERLINES_OIDC_CLIENT_ID?: string | undefined;
  readonly ORDERLINES_OIDC_CLIENT_SECRET?: string | undefined;
  readonly ORDERLINES_OIDC_NAME: string;
  readonly ORDERLINES_OIDC_NEW_USERS: 'refuse' | 'pending';
}

function oidcSettings(variables: OidcVariables): OidcSettings | undefined {
  const { ORDERLINES_OIDC_ISSUER: issuer, ORDERLINES_OIDC_CLIENT_ID: clientId, ORDERLINES_PUBLIC_URL: publicUrl } = variables;
  if (issuer === undefined) return undefined;
  if (clientId === undefined || publicUrl === undefined) {
    throw new Error('ORDERLINES_OIDC_ISSUER needs ORDERLINES_OIDC_CLIENT_ID and ORDERLINES_PUBLIC_URL beside it.');
  }
  const redirectUrl = oidcRedirectUrl(publicUrl);
  const { ORDERLINES_OIDC_CLIENT_SECRET: clientSecret, ORDERLINES_OIDC_NAME: name, ORDERLINES_OIDC_NEW_USERS: newUsers } = variables;
  return { issuer, clientId, clientSecret, name, newUsers, redirectUrl };
}

/** Where the OIDC provider sends browsers back to: to be registered there. */
export function oidcRedirectUrl(publicUrl: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/api/v1/sessions/oidc/callback`;
}

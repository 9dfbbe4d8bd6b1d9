export { buildService, type BuiltService } from './built-service.js';
export { TestAuthority, type CertificateFiles } from './certificates.js';
export { startNats, type TestNats } from './nats.js';
export { startOwnPostgres, startPostgres, type OwnTestPostgres, type PrepareDatabase, type TestPostgres } from './postgres.js';
export { temporaryFolder, type TemporaryFolder } from './temporary-folder.js';
export { startIdentityProvider, type IdentityProvider } from './identity-provider.js';

export * from './accounts.js';
export * from './auth-error.js';
export * from './authenticator.js';
export * from './http-guard.js';
export { generatePassword, hashPassword, passwordProblems, verifyPassword } from './password.js';
export * from './principal.js';
export * from './rpc-guard.js';
export { issueToken, type IssuedToken } from './token.js';

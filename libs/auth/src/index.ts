export { generatePassword, hashPassword, passwordProblem, verifyPassword } from './password.js';
export { bearerToken, generateToken, hashToken, type NewToken } from './token.js';
export { LoginThrottle, type ThrottleLimits } from './login-throttle.js';
export { principalOf, type Principal } from './principal.js';
export { Authenticator } from './authenticator.js';
export { LOGIN_LASTS_MS, checkLogin, issueToken } from './login.js';
export { FIRST_ADMINISTRATOR, WeakPassword, addUser, ensureAdministrator } from './administrator.js';

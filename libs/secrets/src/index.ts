export { readOrMakeKeyFile } from './key-file.js';
export { KeyRing, SecretKeyError, secretKeyVariable } from './key-ring.js';
export { ExternalSecrets, SecretReferenceError, secretReferencesVariable } from './external-secret.js';
export { sealFor, SessionKey, type Dispatch, type SealedBox } from './session-box.js';
export { SecretMask } from './secret-mask.js';

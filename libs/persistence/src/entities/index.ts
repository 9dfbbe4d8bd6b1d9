import { ApiToken } from './api-token.entity.js';
import { ProcessDraft } from './process-draft.entity.js';
import { ProcessVersion } from './process-version.entity.js';
import { Process } from './process.entity.js';
import { ServiceNodeRow } from './service-node.entity.js';
import { SystemParameter } from './system-parameter.entity.js';
import { UserAccount } from './user-account.entity.js';

export { ApiToken, Process, ProcessDraft, ProcessVersion, ServiceNodeRow, SystemParameter, UserAccount };
export { SOURCE_FORMATS, type SourceFormat } from './process-version.entity.js';

/** Every entity of the data source. */
export const ENTITIES = [ApiToken, Process, ProcessDraft, ProcessVersion, ServiceNodeRow, SystemParameter, UserAccount] as const;

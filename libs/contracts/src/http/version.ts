import { z } from 'zod';
import { NamespaceName } from './role.js';
import { AnyJson } from '../json.js';
import { Problem } from '../problem.js';
import { DefinitionBody } from './process.js';

/** One key that differs between two definitions; the side that lacks it is left out. */
export const FieldDifference = z
  .object({
    field: z.string().describe('Keys from the node or process down, with dots; elements with names stand under their names.'),
    before: AnyJson.optional(),
    after: AnyJson.optional(),
  })
  .meta({ id: 'FieldDifference' });
/** One key that differs between two definitions. */
export type FieldDifference = z.infer<typeof FieldDifference>;

/** What can have become of a node between two definitions. */
export const NODE_CHANGES = ['added', 'removed', 'changed', 'moved'] as const;
/** What stands before such a node in a line of text. */
export const NODE_CHANGE_SIGNS = { added: '+', removed: '-', changed: '~', moved: '>' } as const satisfies Record<
  (typeof NODE_CHANGES)[number],
  string
>;

/** A node that differs between two definitions. */
export const NodeDifference = z
  .object({
    path: z.string().describe('Ids from the process down, `checks/unit/lint`; where it stood, when it was removed.'),
    id: z.string(),
    type: z.string(),
    change: z.enum(NODE_CHANGES).describe('`moved`: it stands elsewhere, or at another place of its flow; its fields may differ, too.'),
    from: z.string().nullable().describe('Where a moved node stood; the same path when its flow was put in another order.'),
    fields: z.array(FieldDifference),
  })
  .meta({ id: 'NodeDifference' });
/** A node that differs between two definitions. */
export type NodeDifference = z.infer<typeof NodeDifference>;

const difference = {
  settings: z.array(FieldDifference).describe('What differs outside of the nodes.'),
  nodes: z.array(NodeDifference),
  drawing: z.boolean().describe('True: the canvas differs, which never affects a run.'),
};

/** How two definitions differ. */
export const DefinitionDifference = z.object(difference).meta({ id: 'DefinitionDifference' });
/** How two definitions differ. */
export type DefinitionDifference = z.infer<typeof DefinitionDifference>;

/** The number of a version in a path or query. */
export const VersionNumber = z.coerce.number().int().min(1).max(2_147_483_647);
const side = z
  .union([z.enum(['latest', 'draft']), VersionNumber])
  .describe('The number of a version, `latest` (the newest published one) or `draft`.');

/** Query of `GET processes/{id}/compare`. */
export const CompareQuery = z.object({ from: side.default('latest'), to: side.default('draft') });
/** Query of `GET processes/{id}/compare`. */
export type CompareQuery = z.infer<typeof CompareQuery>;

/** Body of `POST processes/{id}/compare`: a text against what is stored. */
export const CompareBody = DefinitionBody.extend({ from: side.default('latest') }).meta({ id: 'CompareWithText' });
/** Body of `POST processes/{id}/compare`. */
export type CompareBody = z.infer<typeof CompareBody>;

const compared = z.union([z.int(), z.enum(['draft', 'text'])]).describe('The number of a version; `draft`; or the text that was sent.');

/** How two versions of a process differ, node by node. */
export const VersionComparison = z.object({ from: compared, to: compared, ...difference }).meta({ id: 'VersionComparison' });
/** How two versions of a process differ. */
export type VersionComparison = z.infer<typeof VersionComparison>;

/** Body of `POST processes/{id}/versions/{number}/restore`. */
export const RestoreVersionBody = z
  .strictObject({ replaceDraft: z.boolean().default(false).describe('False: refused when there is a draft already.') })
  .meta({ id: 'RestoreVersion' });
/** Body of `POST processes/{id}/versions/{number}/restore`. */
export type RestoreVersionBody = z.infer<typeof RestoreVersionBody>;

/** Body of `POST processes/{id}/copy`. */
export const CopyProcessBody = z
  .strictObject({
    namespace: NamespaceName,
    name: z.string().min(1).max(128).optional().describe('As the process is called, when left out.'),
    version: z.int().min(1).optional().describe('The latest published one, when left out.'),
  })
  .meta({ id: 'CopyProcess' });
/** Body of `POST processes/{id}/copy`. */
export type CopyProcessBody = z.infer<typeof CopyProcessBody>;

/** A schedule that starts a process, or tells it of the end of a slot. */
export const ReferringSchedule = z
  .object({
    namespace: z.string(),
    name: z.string(),
    version: z.int().nullable().describe('The version it stays with; null: it follows the latest published one.'),
    state: z.string(),
    callback: z.boolean().describe('True: it starts the process at the end of its slots.'),
  })
  .meta({ id: 'ReferringSchedule' });
/** A schedule that starts a process. */
export type ReferringSchedule = z.infer<typeof ReferringSchedule>;

/** A trigger that starts a process. */
export const ReferringTrigger = z
  .object({
    namespace: z.string(),
    name: z.string(),
    version: z.int().nullable().describe('The version it stays with; null: it follows the latest published one.'),
    enabled: z.boolean(),
  })
  .meta({ id: 'ReferringTrigger' });
/** A trigger that starts a process. */
export type ReferringTrigger = z.infer<typeof ReferringTrigger>;

/** A process whose published version runs another one. */
export const CallingProcess = z
  .object({
    namespace: z.string(),
    name: z.string(),
    version: z.int().describe('Its newest version that does.'),
    pins: z.array(z.int()).describe('The versions it stays with; none: it follows the latest published one.'),
  })
  .meta({ id: 'CallingProcess' });
/** A process whose published version runs another one. */
export type CallingProcess = z.infer<typeof CallingProcess>;

/** What a change of a process would touch. */
export const BlastRadius = z
  .object({
    schedules: z.array(ReferringSchedule),
    triggers: z.array(ReferringTrigger),
    callers: z.array(CallingProcess),
    unfinishedRuns: z.int().describe('They go on with their own version.'),
    hosts: z.array(z.string()).describe('Hosts of the addresses that stand in the definition.'),
  })
  .meta({ id: 'BlastRadius' });
/** What a change of a process would touch. */
export type BlastRadius = z.infer<typeof BlastRadius>;

/** What would happen if a definition were published now; nothing is stored. */
export const PublishCheck = z
  .object({
    valid: z.boolean().describe('True: it can be published; everything else here is for whoever decides.'),
    problems: z.array(Problem),
    converted: z.array(z.string()),
    version: z.int().nullable().describe('The newest published version that it would follow; null: it would be the first.'),
    changes: DefinitionDifference.nullable().describe('How it differs from that version.'),
    missing: z.object({
      secrets: z.array(z.string()),
      variables: z.array(z.string()),
      queues: z.array(z.string()).describe('Queues that no living worker serves.'),
      processes: z.array(z.string()).describe('Processes that it runs and that are not there, or have no published version.'),
    }),
    touches: BlastRadius,
  })
  .meta({ id: 'PublishCheck' });
/** What would happen if a definition were published now. */
export type PublishCheck = z.infer<typeof PublishCheck>;

import { z } from 'zod';
import { AnyJson } from '../json.js';
import { CONTENT_FORMATS } from './process.js';

/** What can be compared: a version by its number, the newest published one, or the draft. */
export const VersionReference = z.union(
  [z.literal(['latest', 'draft']), z.coerce.number().int().min(1).max(2_147_483_647)],
  'write the number of a version, `latest` or `draft`',
);
/** What can be compared: a version by its number, the newest published one, or the draft. */
export type VersionReference = z.infer<typeof VersionReference>;

/** Query of `GET processes/{id}/versions/compare`: without `to` it is the draft when there is one, else the latest version; without `from` the version before. */
export const CompareQuery = z.object({ from: VersionReference.optional(), to: VersionReference.optional() });
/** Query of `GET processes/{id}/versions/compare`. */
export type CompareQuery = z.infer<typeof CompareQuery>;

/** Body of `POST processes/compare`: a definition, compared with what is stored of the process that it names. */
export const CompareBody = z
  .strictObject({
    /** The definition itself, at most 4 MiB. */
    content: z.string(),
    format: z.enum(CONTENT_FORMATS).default('auto'),
    /** What it is compared with. */
    from: VersionReference.default('latest'),
  })
  .meta({ id: 'CompareDefinition' });
/** Body of `POST processes/compare`. */
export type CompareBody = z.infer<typeof CompareBody>;

/** A value that differs; a side without the field has no value. */
export const FieldChange = z
  .object({
    path: z.string().describe('Where, e.g. `with.command` or `cases[0].when`.'),
    before: AnyJson.optional(),
    after: AnyJson.optional(),
  })
  .meta({ id: 'FieldChange' });
/** A value that differs; a side without the field has no value. */
export type FieldChange = z.infer<typeof FieldChange>;

/** What became of something that both sides may have. */
export const CHANGES = ['added', 'removed', 'changed'] as const;

/** A param or variable that differs. */
export const MemberChange = z
  .object({ name: z.string(), change: z.enum(CHANGES), fields: z.array(FieldChange) })
  .meta({ id: 'MemberChange' });
/** A param or variable that differs. */
export type MemberChange = z.infer<typeof MemberChange>;

/** A node that differs; what stands inside of a container is told of by its own nodes. */
export const NodeChange = z
  .object({
    id: z.string(),
    type: z.string(),
    name: z.string().optional(),
    change: z.enum([...CHANGES, 'moved']).describe('`moved`: only its place is another one.'),
    fields: z.array(FieldChange).describe('Empty for what was only moved.'),
    from: z.string().nullable().describe('The flow it stood in, e.g. `flow` or `deploy/branches/a`; null: it is new.'),
    to: z.string().nullable().describe('The flow it stands in; null: it is gone.'),
    moved: z.boolean().describe('It stands in another flow, or elsewhere among the nodes that stayed in it.'),
  })
  .meta({ id: 'NodeChange' });
/** A node that differs. */
export type NodeChange = z.infer<typeof NodeChange>;

/** What differs between two definitions. */
export const ProcessComparison = z
  .object({
    equal: z.boolean().describe('True: they are the same definition.'),
    settings: z.array(FieldChange).describe('Differences of the process itself, such as `timeout` or `outputs`.'),
    params: z.array(MemberChange),
    variables: z.array(MemberChange),
    nodes: z.array(NodeChange).describe('As the later definition has them in order; then what is gone.'),
    layout: z.boolean().describe('True: the canvas differs, which never affects a run.'),
  })
  .meta({ id: 'ProcessComparison' });
/** What differs between two definitions. */
export type ProcessComparison = z.infer<typeof ProcessComparison>;

/** One side of a comparison. */
export const ComparedSide = z
  .object({
    label: z.string().describe('For people: `version 3`, `the draft`.'),
    version: z.int().nullable().describe('Null: it is no version.'),
  })
  .meta({ id: 'ComparedSide' });
/** One side of a comparison. */
export type ComparedSide = z.infer<typeof ComparedSide>;

/** Answer to comparing: which sides, and what differs. */
export const VersionComparison = ProcessComparison.extend({
  process: z.string().describe('As `namespace/name`.'),
  from: ComparedSide,
  to: ComparedSide,
}).meta({ id: 'VersionComparison' });
/** Answer to comparing: which sides, and what differs. */
export type VersionComparison = z.infer<typeof VersionComparison>;

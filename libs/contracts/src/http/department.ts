import { z } from 'zod';
import { AccessName } from './role.js';

/** A part of the organisation; departments are a tree. */
export const DepartmentView = z
  .object({
    id: z.uuid(),
    /** Null: at the top. */
    parentId: z.uuid().nullable(),
    name: z.string(),
    description: z.string(),
    /** Names from the top, with ` / ` between them. */
    path: z.string(),
    /** How many users are in it, without those of departments below. */
    users: z.int(),
  })
  .meta({ id: 'Department' });
/** A part of the organisation. */
export type DepartmentView = z.infer<typeof DepartmentView>;

/** Answer of `GET departments`, in the order of their paths. */
export const DepartmentList = z.object({ items: z.array(DepartmentView) }).meta({ id: 'DepartmentList' });
/** Answer of `GET departments`. */
export type DepartmentList = z.infer<typeof DepartmentList>;

/** Body of `POST departments` and `PUT departments/{id}`. */
export const DepartmentBody = z
  .strictObject({ name: AccessName, parentId: z.uuid().nullable().default(null), description: z.string().max(1_000).default('') })
  .meta({ id: 'DepartmentBody' });
/** Body of `POST departments` and `PUT departments/{id}`. */
export type DepartmentBody = z.infer<typeof DepartmentBody>;

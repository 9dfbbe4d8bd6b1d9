import type { DepartmentBody, DepartmentView, RowLimits } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { audit } from '../audit/audit-record.js';
import { Conditions } from '../read-models/conditions.js';
import { andWithin } from '../read-models/row-limits.js';
import { constraintOf } from '../postgres-error.js';
import { AccessRefused } from './access-refused.js';

const MAX_DEPARTMENTS = 10_000;

/** Departments in the order of their paths that somebody may see, or the one of that id. */
export const listDepartments = (
  manager: EntityManager,
  { id, limits }: { readonly id?: string; readonly limits?: RowLimits },
): Promise<DepartmentView[]> => {
  const where = new Conditions();
  where.equal('t.id', id);
  andWithin(where, limits, { name: 't.name' });
  return manager.query<DepartmentView[]>(
    `with recursive tree as (
        select d.*, array[d.name] as names from access.department d where d.parent_id is null
        union all select d.*, t.names || d.name from access.department d join tree t on t.id = d.parent_id)
      select t.id, t.parent_id as "parentId", t.name, t.description, array_to_string(t.names, ' / ') as path,
        (select count(*)::int from access.user_account u where u.department_id = t.id) as users
      from tree t${where} order by t.names limit ${MAX_DEPARTMENTS}`,
    where.values,
  );
};

/** Adds a department. Throws {@link AccessRefused}. */
export const addDepartment = (manager: EntityManager, department: DepartmentBody): Promise<DepartmentView> =>
  change(manager, uuidv7(), async (transaction, id) => {
    await transaction.query(
      'insert into access.department (id, parent_id, name, description) values ($1, $2, $3, $4)',
      valuesOf(id, department),
    );
  });

/** Changes a department, or moves it with all that is below it; null: there is none. Throws {@link AccessRefused}. */
export const changeDepartment = async (manager: EntityManager, id: string, department: DepartmentBody): Promise<DepartmentView | null> => {
  const [known] = await listDepartments(manager, { id });
  if (known === undefined) return null;
  return change(manager, id, async (transaction) => {
    if (await isBelow(transaction, department.parentId, id)) {
      throw new AccessRefused('circle', 'department', `${known.path} cannot be moved below itself.`);
    }
    const text = 'update access.department set parent_id = $2, name = $3, description = $4, updated_at = now() where id = $1';
    await transaction.query(text, valuesOf(id, department));
  });
};

/** Removes a department; false: there was none. Throws {@link AccessRefused} while anybody or another department is in it. */
export const removeDepartment = (manager: EntityManager, id: string): Promise<boolean> =>
  manager.transaction(async (transaction) => {
    const [before] = await listDepartments(transaction, { id });
    if (before === undefined) return false;
    try {
      await transaction.query('delete from access.department where id = $1', [id]);
    } catch (error) {
      if (constraintOf(error) === undefined) throw error;
      const message = `There are users or departments in ${before.path}: move them first.`;
      throw new AccessRefused('in-use', 'department', message, { cause: error });
    }
    await audit.record(transaction, { action: 'delete', subject: { kind: 'Department', id, name: before.path }, before, after: null });
    return true;
  });

const change = (
  manager: EntityManager,
  id: string,
  write: (transaction: EntityManager, id: string) => Promise<void>,
): Promise<DepartmentView> =>
  manager.transaction(async (transaction) => {
    // Two moves at the same time could make a circle that neither of them sees.
    await transaction.query('lock table access.department in share row exclusive mode');
    const [before] = await listDepartments(transaction, { id });
    await write(transaction, id).catch((error: unknown) => {
      throw refusalOf(error) ?? error;
    });
    const [after] = await listDepartments(transaction, { id });
    if (after === undefined) throw new Error('the department that was saved is not there');
    const action = before === undefined ? 'create' : 'update';
    await audit.record(transaction, { action, subject: { kind: 'Department', id, name: after.path }, before: before ?? null, after });
    return after;
  });

const refusalOf = (error: unknown): AccessRefused | undefined => {
  const constraint = constraintOf(error);
  if (constraint === 'department_name') {
    return new AccessRefused('taken', 'department', 'Another department beside it has this name.', { cause: error });
  }
  if (constraint === 'department_parent_id_fkey') {
    return new AccessRefused('unknown', 'department', 'There is no department that it could be in by this parentId.', { cause: error });
  }
  return undefined;
};

const isBelow = async (manager: EntityManager, id: string | null, above: string): Promise<boolean> => {
  const rows = await manager.query<unknown[]>(
    `with recursive up as (
        select id, parent_id from access.department where id = $1
        union all select d.id, d.parent_id from access.department d join up on d.id = up.parent_id)
      select from up where id = $2`,
    [id, above],
  );
  return rows.length > 0;
};

const valuesOf = (id: string, { parentId, name, description }: DepartmentBody): unknown[] => [id, parentId, name, description];

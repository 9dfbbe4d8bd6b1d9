import type { UserView } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import { Conditions } from './conditions.js';
import { andWithin, type Limited } from './row-limits.js';
import { ANY_TEXT, decodeCursor, toPage, UUID, type Page, type PageRequest } from './page.js';

/** Which users. */
export interface UserFilter extends Limited {
  /** A part of the user name or display name, whatever its case, or of one of `fields`. */
  readonly search?: string | undefined;
  /** What else is searched. */
  readonly fields: readonly ('email' | 'phone')[];
  readonly kind?: 'person' | 'service' | undefined;
  readonly department?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly approved?: boolean | undefined;
}

/** Users by name. Throws `InvalidCursor`. */
export const listUsers = async (manager: EntityManager, filter: UserFilter, page: PageRequest): Promise<Page<UserView>> => {
  const where = new Conditions();
  andWithin(where, filter.limits, { name: 'u.user_name' });
  where.equal('u.kind', filter.kind);
  where.equal('u.department_id', filter.department);
  where.equal('u.enabled', filter.enabled);
  where.equal('u.approved', filter.approved);
  if (filter.search !== undefined) {
    const text = where.value(filter.search);
    const searched = ['u.user_name', 'u.display_name', ...filter.fields.map((field) => `u.${field}`)].join(', ');
    where.and(`strpos(lower(concat_ws(' ', ${searched})), lower(${text})) > 0`);
  }
  if (page.cursor !== undefined) {
    const [name, id] = decodeCursor(page.cursor, [ANY_TEXT, UUID]).map((part) => where.value(part));
    where.and(`(lower(u.user_name), u.id) > (lower(${name}), ${id}::uuid)`);
  }
  const limit = where.value(page.limit + 1);
  const rows = await manager.query<UserView[]>(
    `select u.id, u.user_name as "userName", u.email, u.phone, u.display_name as "displayName", u.administrator, u.locale, u.department_id as "departmentId", u.kind, u.enabled,
        u.approved, u.must_change_password as "mustChangePassword", u.picture
       from access.user_account u${where} order by lower(u.user_name), u.id limit ${limit}`,
    where.values,
  );
  return toPage(
    rows,
    page.limit,
    (row) => row,
    (row) => [row.userName, row.id],
  );
};

import type { ClientBase } from 'pg';

/**
 * The schema of a database as stable text: what `libs/persistence/schema.sql` holds, so that a review sees every change of the
 * schema in one place. Partitions are left out (they come with time), and so is the table that lists the migrations.
 */
export const describeSchema = async (client: ClientBase): Promise<string> => {
  const sections = [];
  for (const query of [SCHEMAS, TABLES, CONSTRAINTS, INDEXES, FUNCTIONS]) {
    const { rows } = await client.query<{ text: string }>(query);
    sections.push(rows.map(({ text }) => text).join('\n'));
  }
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
};

const OURS = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public')`;

const SCHEMAS = `select format('create schema %I;', n.nspname) as text from pg_namespace n where ${OURS} order by n.nspname`;

/** Columns by name: their order differs between an upgraded database and a fresh one. */
const TABLES = `
select format(E'create table %I.%I (\\n%s\\n)%s;', n.nspname, c.relname,
  string_agg(format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then ' not null' else '' end,
    coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')), E',\\n' order by a.attname),
  case when c.relkind = 'p' then ' partition by ' || lower(pg_get_partkeydef(c.oid)) else '' end) as text
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where ${OURS} and c.relkind in ('r', 'p') and not c.relispartition
group by n.nspname, c.relname, c.relkind, c.oid order by n.nspname, c.relname`;

const CONSTRAINTS = `
select format('alter table %I.%I add constraint %I %s;', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) as text
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
where ${OURS} and not c.relispartition and k.contype <> 'n' order by n.nspname, c.relname, k.conname`;

const INDEXES = `
select pg_get_indexdef(i.indexrelid) || ';' as text
from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
join pg_class x on x.oid = i.indexrelid
where ${OURS} and not c.relispartition and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
order by n.nspname, c.relname, x.relname`;

const FUNCTIONS = `
select pg_get_functiondef(p.oid) || ';' as text
from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS} order by n.nspname, p.proname`;

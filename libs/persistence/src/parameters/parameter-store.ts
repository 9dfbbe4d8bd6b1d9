import { PARAMETERS, parameterSchema, type Json, type ParameterName } from '@orderlines/contracts';
import { OrderlinesError } from '@orderlines/service-host';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { audit } from '../audit/audit-record.js';
import { SystemParameter } from '../entities/index.js';

/** A value that a parameter cannot have. */
export class ParameterRefused extends OrderlinesError {
  constructor(name: string, why: string) {
    super('parameter.invalid', `The parameter ${name} cannot have this value: ${why}.`, 422);
  }
}

/** What people have changed, by name; what is not in it has its default. */
export const changedParameters = async (manager: EntityManager): Promise<ReadonlyMap<string, SystemParameter>> =>
  new Map((await manager.getRepository(SystemParameter).find()).map((row) => [row.name, row]));

/** Changes a parameter for all services; throws {@link ParameterRefused}. */
export const setParameter = async (manager: EntityManager, name: ParameterName, value: Json, actor: string): Promise<void> => {
  const read = parameterSchema(PARAMETERS[name]).safeParse(value);
  if (!read.success) throw new ParameterRefused(name, z.prettifyError(read.error).replace(/^✖ /, ''));
  return change(manager, name, value, actor);
};

/** Gives a parameter its default again. */
export const resetParameter = (manager: EntityManager, name: ParameterName, actor: string): Promise<void> =>
  change(manager, name, null, actor);

const change = (manager: EntityManager, name: ParameterName, value: Json, actor: string): Promise<void> =>
  manager.transaction(async (transaction) => {
    const [row] = await transaction.query<{ value: Json }[]>('select value from system.parameter where name = $1 for update', [name]);
    if (value === null) await transaction.query('delete from system.parameter where name = $1', [name]);
    else {
      await transaction.query(
        `insert into system.parameter (name, value, version, updated_by, updated_at)
          values ($1, $2::jsonb, nextval('system.parameter_version'), $3, now())
          on conflict (name) do update set value = excluded.value, version = excluded.version,
            updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
        [name, JSON.stringify(value), actor],
      );
    }
    const subject = { kind: 'Parameter', id: name, name };
    await audit.record(transaction, {
      action: 'update',
      subject,
      before: { value: row?.value ?? PARAMETERS[name].default },
      after: { value: value ?? PARAMETERS[name].default },
    });
  });

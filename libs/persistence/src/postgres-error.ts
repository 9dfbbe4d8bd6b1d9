/** Fields that Postgres sends with an error, wherever the driver or TypeORM hang them. */
const field = (error: unknown, name: 'code' | 'constraint'): string | undefined => {
  if (typeof error !== 'object' || error === null) return undefined;
  const own = (error as Record<string, unknown>)[name];
  if (typeof own === 'string') return own;
  return 'driverError' in error ? field(error.driverError, name) : undefined;
};

/** SQLSTATE of an error that came from Postgres, e.g. `40P01`; undefined for any other. */
export const sqlStateOf = (error: unknown): string | undefined => {
  const code = field(error, 'code');
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
};

/** Name of the violated constraint or unique index, when the error is about one. */
export const constraintOf = (error: unknown): string | undefined => field(error, 'constraint');

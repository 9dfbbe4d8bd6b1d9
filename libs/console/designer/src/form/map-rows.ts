import type { Json, JsonObject } from '@orderlines/contracts';

/** A key and its value as they are typed. */
export interface MapRow {
  readonly key: string;
  readonly text: string;
}

/** A map as rows; what is no text stands as JSON. */
export const rowsOf = (map: JsonObject): readonly MapRow[] =>
  Object.entries(map).map(([key, value]) => ({ key, text: typeof value === 'string' && !isJson(value) ? value : JSON.stringify(value) }));

/** The map that rows say; rows without a key wait for one. */
export const mapOf = (rows: readonly MapRow[]): JsonObject =>
  Object.fromEntries(rows.filter(({ key }) => key !== '').map(({ key, text }) => [key, valueOf(text)]));

function valueOf(text: string): Json {
  return isJson(text) ? (JSON.parse(text) as Json) : text;
}

/** True for a text that says a number, a truth, a list, a map or, in quotes, a text. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

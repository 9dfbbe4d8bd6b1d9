import type { ExpressionFunction } from './arguments.js';
import { DATE_FUNCTIONS } from './dates.js';
import { ENCODING_FUNCTIONS } from './encodings.js';
import { LIST_FUNCTIONS } from './lists.js';
import { PATTERN_FUNCTIONS } from './patterns.js';
import { TEXT_FUNCTIONS } from './texts.js';

/** Every function of the expression language, by name. */
export const FUNCTIONS: ReadonlyMap<string, ExpressionFunction> = new Map(
  Object.entries({ ...LIST_FUNCTIONS, ...TEXT_FUNCTIONS, ...PATTERN_FUNCTIONS, ...DATE_FUNCTIONS, ...ENCODING_FUNCTIONS }),
);

import fc, { type Arbitrary } from 'fast-check';

/** A schema of an OpenAPI document, as far as bodies are made by it. */
export interface BodySchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly BodySchema[];
  readonly oneOf?: readonly BodySchema[];
  readonly allOf?: readonly BodySchema[];
  readonly properties?: Readonly<Record<string, BodySchema>>;
  readonly required?: readonly string[];
  readonly items?: BodySchema;
  readonly additionalProperties?: boolean | BodySchema;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Schemas by their references. */
export type Schemas = Readonly<Record<string, BodySchema>>;

const MAX_DEPTH = 4;
/** Texts that some readers take for something else than text. */
const ODD_TEXTS = [
  ...['', ' ', '\u0000', '\ud800', '__proto__', 'constructor', '${{ vars.x }}', '../../etc/passwd', "'; drop table x; --", '1e999'],
  ...['NaN', 'null', '2026-02-30T99:00:00Z', '00000000-0000-0000-0000-000000000000', 'default/x', '*/0 * * * *', 'x'.repeat(5_000)],
];
const ODD_VALUES = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  [],
  {},
  [[[[[]]]]],
  { '': {} },
  { $value: { bytes: -1 } },
  JSON.parse('{"__proto__":{"x":1}}'),
];
const text = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 10 }), fc.constantFrom(...ODD_TEXTS));
const oddValue = fc.oneof(fc.constantFrom<unknown>(...ODD_VALUES), text, fc.jsonValue({ maxDepth: 2 }));

/** Bodies that a schema describes, or nearly: some members are missing, some are odd, some are more than it knows. */
export const bodiesOf = (schema: BodySchema, schemas: Schemas, depth = 0): Arbitrary<unknown> =>
  depth > MAX_DEPTH
    ? oddValue
    : fc.oneof({ weight: 9, arbitrary: describedBy(schema, schemas, depth) }, { weight: 1, arbitrary: oddValue });

const describedBy = (schema: BodySchema, schemas: Schemas, depth: number): Arbitrary<unknown> => {
  const referred = schema.$ref === undefined ? undefined : schemas[schema.$ref.split('/').at(-1) ?? ''];
  if (referred !== undefined) return describedBy(referred, schemas, depth);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices !== undefined && choices.length > 0) return fc.oneof(...choices.map((choice) => bodiesOf(choice, schemas, depth)));
  switch (Array.isArray(schema.type) ? (schema.type as string[])[0] : schema.type) {
    case 'object':
      return objectsOf(schema, schemas, depth);
    case 'array':
      return fc.array(bodiesOf(schema.items ?? {}, schemas, depth + 1), { maxLength: 3 });
    case 'integer':
    case 'number':
      return fc.oneof(
        fc.integer({ min: Math.max(schema.minimum ?? 0, -1_000), max: Math.min(schema.maximum ?? 1_000, 1_000) }),
        fc.double(),
      );
    case 'boolean':
      return fc.boolean();
    case 'string':
      return text;
    default:
      return oddValue;
  }
};

const objectsOf = ({ properties = {}, required = [], additionalProperties }: BodySchema, schemas: Schemas, depth: number) => {
  const members = Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, bodiesOf(member, schemas, depth + 1)]));
  const more = typeof additionalProperties === 'object' ? bodiesOf(additionalProperties, schemas, depth + 1) : oddValue;
  return fc
    .tuple(
      fc.record(members, { requiredKeys: required.filter((name) => name in members) }),
      fc.dictionary(text, more, { maxKeys: typeof additionalProperties === 'object' ? 2 : 1 }),
      fc.option(fc.constantFrom('', ...required), { freq: 4, nil: '' }),
      fc.boolean(),
    )
    .map(([body, others, missing, isExtended]) => {
      const { [missing]: _missing, ...rest } = body as Readonly<Record<string, unknown>>;
      return typeof additionalProperties === 'object' || isExtended ? { ...rest, ...others } : rest;
    });
};

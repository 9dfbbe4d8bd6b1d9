import type { JsonSchema } from '@orderlines/contracts';

/** Title and description of one input or result in both languages. */
export interface SchemaTexts {
  readonly en: readonly [title: string, description: string];
  readonly zh: readonly [title: string, description: string];
}

/** A JSON Schema with its texts: English as `title` and `description`, Chinese under `x-i18n.zh`. */
export const localized = (schema: JsonSchema, { en, zh }: SchemaTexts): JsonSchema => ({
  ...schema,
  title: en[0],
  description: en[1],
  'x-i18n': { zh: { title: zh[0], description: zh[1] } },
});

/** An object schema that knows these properties and no others. */
export const objectSchema = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required: [...required],
  additionalProperties: false,
});

/** Throws unless every property of an inputs schema has title and description in English and Chinese. */
export const checkLanguages = (taskType: string, inputs: JsonSchema): void => {
  const properties = (inputs['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  for (const [name, schema] of Object.entries(properties)) {
    const chinese = (schema['x-i18n'] as { zh?: { title?: unknown; description?: unknown } } | undefined)?.zh;
    for (const text of [schema['title'], schema['description'], chinese?.title, chinese?.description]) {
      if (typeof text === 'string' && text !== '') continue;
      throw new TypeError(
        `The input "${name}" of the task type "${taskType}" needs title and description in English and Chinese (x-i18n.zh)`,
      );
    }
  }
};

import { localized, objectSchema, type SchemaTexts } from '@orderlines/plugin-sdk';

const text = (schema: object, texts: SchemaTexts) => localized({ type: 'string', ...schema }, texts);

/** Schemas of the inputs that `shell` and `script` share. */
export const commandInputs = {
  cwd: text(
    { minLength: 1 },
    { en: ['Folder', 'Folder to run in, relative to the work folder.'], zh: ['目录', '运行目录，相对于工作目录。'] },
  ),
  env: localized(
    {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean', 'array', 'object'] },
      propertyNames: { pattern: '^[A-Za-z_]\\w*$' },
    },
    {
      en: ['Environment', 'Environment variables; lists and maps are passed as JSON. This is the safe way for values of the run.'],
      zh: ['环境变量', '环境变量；列表和字典以 JSON 传入。这是传递运行数据的安全方式。'],
    },
  ),
};

/** What `shell` and `script` give, beside the keys the program writes itself. */
export const commandResults = {
  ...objectSchema(
    {
      exitCode: { type: 'integer', title: 'Exit code', 'x-i18n': { zh: { title: '退出码' } } },
      output: {
        title: 'Output',
        description: 'The last 64 KiB of standard output.',
        'x-i18n': { zh: { title: '输出', description: '标准输出的最后 64 KiB。' } },
      },
    },
    ['exitCode', 'output'],
  ),
  additionalProperties: true,
};

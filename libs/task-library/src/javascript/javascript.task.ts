import type { Json, JsonObject } from '@orderlines/contracts';
import { defineTask, localized, objectSchema } from '@orderlines/plugin-sdk';
import { JavaScriptChildren, type JavaScriptSettings } from './javascript-children.js';

/** `javascript`: runs code text in a warm child process, in a fresh context each time. */
export const javascriptTask = (settings: JavaScriptSettings) => {
  const children = new JavaScriptChildren(settings);
  return defineTask<{ code: string; args?: JsonObject }, JsonObject>({
    name: 'javascript',
    version: '1.0.0',
    category: 'script',
    icon: 'thunderbolt',
    order: 30,
    title: { en: 'JavaScript', zh: 'JavaScript' },
    description: { en: 'Runs a few lines of JavaScript quickly.', zh: '快速运行一段 JavaScript 代码。' },
    help: {
      en: [
        'The code is the body of an async function; the object it returns is the result (any other value becomes `{ value }`). It sees `args`, `params`, `variables`, `setVariable(name, value)`, `console` and `fetch`.',
        'It reaches no files, modules or programs; scripts that need them use `script` with `language: node`.',
        '```yaml\n- id: price\n  uses: javascript\n  with:\n    args: { net: "${{ vars.net }}" }\n    code: |\n      return { gross: args.net * 1.19 };\n```',
      ].join('\n\n'),
      zh: [
        '代码是一个异步函数的函数体；返回的对象即结果（其他值变为 `{ value }`）。可使用 `args`、`params`、`variables`、`setVariable(name, value)`、`console` 和 `fetch`。',
        '代码无法访问文件、模块或程序；需要它们的脚本请使用 `script` 并设置 `language: node`。',
        '```yaml\n- { id: sum, uses: javascript, with: { code: "return { total: 1 + 2 };" } }\n```',
      ].join('\n\n'),
    },
    inputs: objectSchema(
      {
        code: localized(
          { type: 'string', minLength: 1, 'x-editor': 'javascript' },
          { en: ['Code', 'Body of an async function.'], zh: ['代码', '异步函数的函数体。'] },
        ),
        args: localized(
          { type: 'object' },
          {
            en: ['Arguments', 'Values the code sees as `args`; the safe way for values of the run.'],
            zh: ['参数', '代码中以 `args` 访问的值；传递运行数据的安全方式。'],
          },
        ),
      },
      ['code'],
    ),
    results: { type: 'object' },
    idempotent: false,
    wantsVariables: true,
    run: async (context, { code, args = {} }) => {
      const input = JSON.stringify({ args, params: context.params, variables: context.variables });
      const { json } = await children.call(context, code, input);
      if (json === undefined) return {};
      const value = JSON.parse(json) as Json;
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };
    },
    close: async () => children.close(),
  });
};

import { LOG_LEVELS } from '@orderlines/contracts';
import { defineTask, localized, objectSchema, type LogLevel } from '@orderlines/plugin-sdk';

/** `log`: writes a line into the log of the run. */
export const logTask = () =>
  defineTask<{ message: unknown; level?: LogLevel }>({
    name: 'log',
    version: '1.0.0',
    category: 'basic',
    icon: 'file-text',
    order: 10,
    title: { en: 'Log', zh: '日志' },
    description: { en: 'Writes a message into the log of the run.', zh: '在运行日志中写入一条消息。' },
    help: {
      en: 'Lists and maps are written as JSON.\n\n```yaml\n- { id: report, uses: log, with: { message: "released ${{ params.version }}" } }\n```',
      zh: '列表和字典以 JSON 写入。\n\n```yaml\n- { id: report, uses: log, with: { message: "已发布 ${{ params.version }}" } }\n```',
    },
    inputs: objectSchema(
      {
        message: localized({}, { en: ['Message', 'What is written; any value.'], zh: ['消息', '要写入的内容，可为任意值。'] }),
        level: localized({ enum: LOG_LEVELS, default: 'info' }, { en: ['Level', 'Weight of the line.'], zh: ['级别', '日志行的级别。'] }),
      },
      ['message'],
    ),
    results: objectSchema({}),
    idempotent: true,
    run: async (context, { message, level = 'info' }) => {
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      for (const line of text.split('\n')) await context.log(level, line);
    },
  });

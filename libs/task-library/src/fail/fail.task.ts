import { defineTask, failure, localized, objectSchema } from '@orderlines/plugin-sdk';

/** `fail`: ends as a failure with a message of the user's. */
export const failTask = () =>
  defineTask<{ message?: string; code?: string }>({
    name: 'fail',
    version: '1.0.0',
    category: 'basic',
    icon: 'close-circle',
    order: 30,
    title: { en: 'Fail', zh: '失败' },
    description: { en: 'Fails with a message.', zh: '以一条消息使任务失败。' },
    help: {
      en: 'For tests of error strategies and for ends that are no success.\n\n```yaml\n- { id: no, uses: fail, with: { message: "not on a Friday" } }\n```',
      zh: '用于验证错误策略，或表示不成功的结束。\n\n```yaml\n- { id: no, uses: fail, with: { message: "周五不发布" } }\n```',
    },
    inputs: objectSchema({
      message: localized(
        { type: 'string', default: 'Failed on purpose' },
        { en: ['Message', 'Why it fails; shown with the run.'], zh: ['消息', '失败的原因，会随运行显示。'] },
      ),
      code: localized(
        { type: 'string', maxLength: 100 },
        { en: ['Code', 'Machine-readable code of the failure.'], zh: ['代码', '供程序识别的失败代码。'] },
      ),
    }),
    results: objectSchema({}),
    idempotent: true,
    run: (_context, { message = 'Failed on purpose', code }) => failure('user', message, code === undefined ? {} : { code }),
  });

import { setTimeout as pause } from 'node:timers/promises';
import { parseDuration } from '@orderlines/contracts';
import { defineTask, localized, objectSchema } from '@orderlines/plugin-sdk';

const DURATION = '^(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)$';
/** Longest wait in one timer of Node; longer ones go round. */
const TIMER_MS = 2 ** 31 - 1;

/** `sleep`: occupies a slot for a while. */
export const sleepTask = () =>
  defineTask<{ for: string | number }, { sleptMs: number }>({
    name: 'sleep',
    version: '1.0.0',
    category: 'basic',
    icon: 'clock-circle',
    order: 20,
    title: { en: 'Sleep', zh: '休眠' },
    description: { en: 'Waits on a worker; a `delay` node waits without one.', zh: '在工作节点上等待；`delay` 节点等待时不占用工作节点。' },
    help: {
      en: 'Takes a slot of the worker while it waits. To wait in a process use a node of type `delay`.\n\n```yaml\n- { id: rest, uses: sleep, with: { for: 2s } }\n```',
      zh: '等待时占用工作节点的一个槽位。流程中的等待请使用 `delay` 节点。\n\n```yaml\n- { id: rest, uses: sleep, with: { for: 2s } }\n```',
    },
    inputs: objectSchema(
      {
        for: localized(
          {
            anyOf: [
              { type: 'string', pattern: DURATION },
              { type: 'number', minimum: 0, maximum: 31_536_000 },
            ],
          },
          {
            en: ['Duration', 'e.g. 500ms, 10s, 5m, 2h, 1d; a number means seconds.'],
            zh: ['时长', '如 500ms、10s、5m、2h、1d；数字表示秒。'],
          },
        ),
      },
      ['for'],
    ),
    results: objectSchema({ sleptMs: { type: 'number', title: 'Milliseconds slept' } }),
    idempotent: true,
    run: async (context, { for: duration }) => {
      const milliseconds = typeof duration === 'number' ? duration * 1_000 : (parseDuration(duration) ?? 0);
      for (let left = milliseconds; left > 0; left -= TIMER_MS) {
        await pause(Math.min(left, TIMER_MS), undefined, { signal: context.signal });
      }
      return { sleptMs: milliseconds };
    },
  });

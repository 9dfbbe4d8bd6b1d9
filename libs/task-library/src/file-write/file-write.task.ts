import { constants } from 'node:fs';
import { mkdir, open, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { defineTask, localized, objectSchema, TaskFailure } from '@orderlines/plugin-sdk';

interface Inputs {
  path: string;
  content: unknown;
  append?: boolean;
  mode?: string;
}

/** `file.write`: writes a text file into the work folder. */
export const fileWriteTask = () =>
  defineTask<Inputs, { path: string; bytes: number }>({
    name: 'file.write',
    version: '1.0.0',
    category: 'file',
    icon: 'file-add',
    order: 10,
    title: { en: 'Write a file', zh: '写文件' },
    description: { en: 'Writes text into a file of the work folder.', zh: '把文本写入工作目录中的文件。' },
    help: {
      en: 'Folders are made; lists and maps are written as JSON. The next task sees the file when the process has `workspace: run`.\n\n```yaml\n- { id: settings, uses: file.write, with: { path: conf/app.json, content: "${{ vars.settings }}" } }\n```',
      zh: '缺少的目录会自动创建；列表和字典写为 JSON。流程设置 `workspace: run` 时，后续任务可看到该文件。\n\n```yaml\n- { id: settings, uses: file.write, with: { path: conf/app.json, content: "${{ vars.settings }}" } }\n```',
    },
    inputs: objectSchema(
      {
        path: localized(
          { type: 'string', minLength: 1, maxLength: 1_000 },
          { en: ['Path', 'Relative to the work folder, and inside it.'], zh: ['路径', '相对于工作目录，且必须位于其中。'] },
        ),
        content: localized({}, { en: ['Content', 'Text; other values are written as JSON.'], zh: ['内容', '文本；其他值写为 JSON。'] }),
        append: localized(
          { type: 'boolean', default: false },
          { en: ['Append', 'Adds to an existing file instead of replacing it.'], zh: ['追加', '追加到已有文件而不是替换。'] },
        ),
        mode: localized(
          { type: 'string', pattern: '^0?[0-7]{3}$' },
          { en: ['Mode', 'Permissions in octal digits, e.g. 755.'], zh: ['权限', '八进制权限，如 755。'] },
        ),
      },
      ['path', 'content'],
    ),
    results: objectSchema({ path: { type: 'string', title: 'Path as given' }, bytes: { type: 'integer', title: 'Bytes written' } }),
    idempotent: false,
    run: async (context, { path, content, append = false, mode }) => {
      const file = await insideFolder(context.workFolder, path);
      const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
      // O_NOFOLLOW: a link left there by an earlier task must not lead out of the folder.
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | (append ? constants.O_APPEND : constants.O_TRUNC);
      const handle = await open(file, flags).catch((error: unknown) => {
        throw new TaskFailure('user', `${path} cannot be written: ${(error as Error).message}`, { code: 'file.not-writable' });
      });
      try {
        await handle.writeFile(text);
        if (mode !== undefined) await handle.chmod(Number.parseInt(mode, 8));
      } finally {
        await handle.close();
      }
      return { path, bytes: Buffer.byteLength(text) };
    },
  });

/** Absolute path of a file in a folder, its parent made; links are resolved before the check. */
const insideFolder = async (folder: string, path: string): Promise<string> => {
  const refuse = (): never => {
    throw new TaskFailure('user', `${path} lies outside of the work folder`, { code: 'file.outside' });
  };
  const target = resolve(folder, path);
  if (!isInside(folder, target)) refuse();
  const parent = dirname(target);
  let existing = parent;
  while (!(await realpath(existing).catch(() => undefined)) && existing !== folder) existing = dirname(existing);
  const root = await realpath(folder);
  const real = await realpath(existing);
  if (real !== root && !isInside(root, real)) refuse();
  await mkdir(parent, { recursive: true });
  return join(await realpath(parent), basename(target));
};

const isInside = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

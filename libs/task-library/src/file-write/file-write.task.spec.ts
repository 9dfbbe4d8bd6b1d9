import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { conformanceProblems, tryTask } from '@orderlines/plugin-sdk';
import { fileWriteTask } from './file-write.task.js';

const fileWrite = fileWriteTask();

describe('file.write', () => {
  it('conforms to what every task type keeps', async () => {
    const problems = await conformanceProblems(fileWrite, [
      {
        title: 'tells path and size',
        inputs: { path: 'a/b.txt', content: 'grüße' },
        expect: { status: 'SUCCESS', result: { path: 'a/b.txt', bytes: 7 } },
      },
      {
        title: 'refuses a way out',
        inputs: { path: '../b.txt', content: '' },
        expect: { status: 'FAILURE', reason: 'user', code: 'file.outside' },
      },
      {
        title: 'refuses an absolute path',
        inputs: { path: '/etc/motd', content: '' },
        expect: { status: 'FAILURE', code: 'file.outside' },
      },
      { title: 'refuses the folder itself', inputs: { path: '.', content: '' }, expect: { status: 'FAILURE', code: 'file.outside' } },
    ]);
    expect(problems).toEqual([]);
  });

  it('writes text, values as JSON, and the mode', async () => {
    await tryTask(
      fileWrite,
      { path: 'run.json', content: { a: [1] }, mode: '750' },
      {
        inspect: async (folder) => {
          expect(await readFile(join(folder, 'run.json'), 'utf8')).toBe('{\n  "a": [\n    1\n  ]\n}\n');
          expect((await stat(join(folder, 'run.json'))).mode & 0o777).toBe(0o750);
        },
      },
    );
  });

  it.each([
    [true, 'oldnew'],
    [false, 'new'],
  ])('with append: %s leaves "%s"', async (append, expected) => {
    await tryTask(
      fileWrite,
      { path: 'log', content: 'new', append },
      {
        prepare: (folder) => writeFile(join(folder, 'log'), 'old'),
        inspect: async (folder) => expect(await readFile(join(folder, 'log'), 'utf8')).toBe(expected),
      },
    );
  });

  it.each([
    ['a linked folder', 'linked/file'],
    ['a linked file', 'file'],
  ])('does not leave the work folder through %s', async (_what, path) => {
    const { outcome } = await tryTask(
      fileWrite,
      { path, content: 'x' },
      {
        prepare: async (folder) => {
          await symlink('/tmp', join(folder, 'linked'));
          await symlink('/tmp/orderlines-must-not-be-there', join(folder, 'file'));
        },
      },
    );
    expect(outcome.status).toBe('FAILURE');
    await expect(stat('/tmp/orderlines-must-not-be-there')).rejects.toThrow(/ENOENT/);
  });
});

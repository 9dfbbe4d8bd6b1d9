import { pathFromText, pathText } from './source.js';

it.each([
  [[], ''],
  [['flow', 2, 'with', 'command'], 'flow[2].with.command'],
  [['flow', 0, 'branches', 'a b', 1], 'flow[0].branches["a b"][1]'],
  [['params', 'version'], 'params.version'],
  [['with', 'Content-Type'], 'with.Content-Type'],
  [['with', '数量'], 'with.数量'],
  [['with', 'a"b.c[d]'], 'with["a\\"b.c[d]"]'],
  [['variables', 10], 'variables[10]'],
])('the path %j is written %s and read back', (path, text) => {
  expect(pathText(path)).toBe(text);
  expect(pathFromText(text)).toEqual(path);
});

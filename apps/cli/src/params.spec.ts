import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { readParams } from './params.js';

const terminal = (input = '') => ({
  environment: {},
  input: Readable.from([input]),
  output: new PassThrough(),
  notices: new PassThrough(),
});

describe('parameters of a start', () => {
  let folder: TemporaryFolder;
  beforeAll(async () => void (folder = await temporaryFolder('params')));
  afterAll(() => folder.remove());

  it('come one by one as text, which the server converts; a value may hold =', async () => {
    expect(await readParams(terminal(), undefined, ['count=3', 'query=a=b', 'empty='])).toEqual({ count: '3', query: 'a=b', empty: '' });
  });

  it('come as a JSON object, and single ones win', async () => {
    expect(await readParams(terminal(), '{"count": 3, "dry": true}', ['count=4'])).toEqual({ count: '4', dry: true });
  });

  it('come from a JSON or YAML file, or from standard input', async () => {
    const file = join(folder.path, 'params.yaml');
    await writeFile(file, 'count: 3\nregions: [eu, us]\n');
    expect(await readParams(terminal(), file, [])).toEqual({ count: 3, regions: ['eu', 'us'] });
    expect(await readParams(terminal('{"count": 3}'), '-', [])).toEqual({ count: 3 });
  });

  it.each([
    [undefined, ['count'], 'a parameter is written name=value'],
    [undefined, ['=3'], 'a parameter is written name=value'],
    ['{"count": ', [], '--params is not JSON'],
    ['no-such-file.json', [], 'there is no file no-such-file.json'],
    ['-', [], '- is not an object of parameters'],
    ['{"count": 1e400}', [], '--params: count: a number here is too large, infinite or not a number'],
  ])('that cannot be read are refused: %s %s', async (fileOrJson, single, message) => {
    await expect(readParams(terminal('[1]'), fileOrJson, single)).rejects.toThrow(message);
  });
});

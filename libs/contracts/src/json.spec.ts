import { AnyJsonObject, isFiniteJson } from './json.js';

describe('numbers that JSON cannot write', () => {
  it.each(['{"k":1e400}', '{"k":-1e400}', '{"k":[1,{"deep":1e999}]}'])('%s is refused where it came in, not lost as null', (body) => {
    const { error } = AnyJsonObject.safeParse(JSON.parse(body));
    expect(error?.issues.map(({ path }) => path)).toEqual([['k']]);
    expect(error?.issues[0]?.message).toMatch(/too large, infinite or not a number/);
  });

  it('are found however deep a value is', () => {
    const depth = 200_000;
    expect(isFiniteJson(JSON.parse(`${'['.repeat(depth)}1e308${']'.repeat(depth)}`))).toBe(true);
    expect(isFiniteJson(JSON.parse(`${'['.repeat(depth)}1e309${']'.repeat(depth)}`))).toBe(false);
  });
});

import { percentile, percentiles, rounded } from './statistics.js';

describe('percentiles', () => {
  it('are values that were really measured', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentiles(values)).toEqual({ p50Ms: 100, p95Ms: 190, p99Ms: 198 });
  });

  it('of one value are that value', () => expect(percentiles([7])).toEqual({ p50Ms: 7, p95Ms: 7, p99Ms: 7 }));

  it('of nothing are refused', () => expect(() => percentile([], 0.5)).toThrow('nothing'));

  it('are shown with three digits', () => expect([rounded(1234.5), rounded(0.0012345)]).toEqual([1230, 0.00123]));
});

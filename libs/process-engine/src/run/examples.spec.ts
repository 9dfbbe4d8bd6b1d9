import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@orderlines/contracts';
import { compiledOf } from '../definition/testing/definitions.js';
import { fails, type Script, Simulation, succeeds } from './testing/index.js';

const played = (name: string, script: Script, params: JsonObject = {}): Simulation => {
  const { compiled } = compiledOf(readFileSync(new URL(`../../../../examples/${name}.yaml`, import.meta.url), 'utf8'));
  return new Simulation(compiled, { script, params }).play();
};

describe('the examples of containers and loops', () => {
  it('dag: a draft is built but not published', () => {
    const script = { pages: succeeds({ count: 12 }), spelling: fails() };
    expect(played('dag', script, { draft: false }).run).toMatchObject({ status: 'SUCCESS', outputs: { pages: 12, published: true } });
    const draft = played('dag', script, { draft: true });
    expect(draft.run.outputs).toEqual({ pages: 12, published: false });
    expect(draft.row('publish')).toMatchObject({ status: 'SKIP', skipReason: 'condition' });
    expect(draft.row('report').status).toBe('SUCCESS');
  });

  it('foreach: one region may fail', () => {
    const script = { insert: succeeds({ rows: 10 }), fetch: [succeeds(), fails(), succeeds(), succeeds()] };
    const run = played('foreach', script, { regions: ['eu', 'us', 'ap', 'af'] });
    expect(run.run).toMatchObject({ status: 'SUCCESS', outputs: { rows: 30, failed: ['us'] } });
  });

  it('parallel: the nearest mirror wins, and two copies are enough', () => {
    const run = played('parallel', { far: { after: 30_000 }, tape: fails() });
    expect(run.run).toMatchObject({ status: 'SUCCESS', outputs: { fastest: 'near', copies: 2 } });
    expect(run.row('far').status).toBe('STOP');
  });

  it('container-strategies: the group is repeated as a whole, then another way is taken', () => {
    const once = played('container-strategies', { check: [fails(), succeeds()], switch_over: succeeds({ version: 'v2' }) });
    expect(once.run).toMatchObject({ status: 'SUCCESS', variables: { release: 'v2' } });
    expect(once.rows.filter(({ nodeId }) => nodeId === 'unlock')).toHaveLength(2);
    expect(played('container-strategies', { check: fails() }).row('previous').status).toBe('SUCCESS');
  });

  it('loop: counts as far as it is told', () => {
    expect(played('loop', {}, { until: 5 }).run.outputs).toEqual({ count: 5 });
  });
});

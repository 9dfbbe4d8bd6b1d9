import { Platform } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

const ITEMS = `
name: items
type: dag
variables: [{ name: total, type: integer, value: 0 }]
outputs: { total: "\${{ vars.total }}", big: "\${{ tasks.large.result.map(r, size(r.outputs.seen.got)) }}" }
flow:
  - id: all
    type: foreach
    items: "\${{ range(300) }}"
    as: n
    concurrency: 20
    outputs: { n: "\${{ tasks.work.result.got }}" }
    flow: [{ id: work, uses: log, with: { message: "\${{ n }}" } }]
    set: { total: "\${{ sum(result.map(r, r.outputs.n)) }}" }
  - id: large
    type: foreach
    items: "\${{ range(8).map(i, '${'x'.repeat(2_000)}') }}"
    needs: [all]
    concurrency: 2
    flow: [{ id: seen, uses: log, with: { message: "\${{ item }}" } }]
  - { id: never, uses: log, with: { message: x }, when: false }
  - { id: behind, uses: log, with: { message: x }, needs: [never] }
`;

describe('containers on the real stores', () => {
  let platform: Platform;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
    await platform.executor();
    const run = (task: { input: unknown }) => ({ got: (task.input as { message: never }).message });
    worker = await ScriptedWorker.start(platform.nats.url, { run });
  }, 60_000);

  afterAll(async () => {
    await worker.close();
    await platform.close();
  }, 30_000);

  it('a dag with foreachs reads items and results from their rows', async () => {
    const { instanceId } = await platform.start(await platform.publish(ITEMS));
    await platform.reaches(instanceId, 'SUCCESS', 60_000);
    const { rows } = await platform.pool.query('select outputs from runtime.process_instance where id = $1', [instanceId]);
    expect(rows).toEqual([{ outputs: { total: (299 * 300) / 2, big: Array.from({ length: 8 }, () => 2_000) } }]);
    const kinds = await platform.pool.query(
      `select kind, node_id, count(*)::int as count, count(distinct item_index)::int as items from runtime.task_instance
       where process_instance_id = $1 and node_id in ('all', 'work') group by kind, node_id order by kind, node_id`,
      [instanceId],
    );
    expect(kinds.rows).toEqual([
      { kind: 'item', node_id: 'all', count: 300, items: 300 },
      { kind: 'node', node_id: 'all', count: 1, items: 0 },
      { kind: 'node', node_id: 'work', count: 300, items: 300 },
    ]);
    const skipped = await platform.pool.query(
      `select node_id, skip_reason from runtime.task_instance where process_instance_id = $1 and status = 'SKIP' order by node_id`,
      [instanceId],
    );
    expect(skipped.rows).toEqual([
      { node_id: 'behind', skip_reason: 'upstream' },
      { node_id: 'never', skip_reason: 'condition' },
    ]);
  }, 90_000);
});

import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvaluationView, TriggerWithAddress } from '@orderlines/contracts';
import { eventually } from './harness/eventually.js';
import { freePort } from './harness/free-port.js';
import { buildProcess } from './harness/load.js';
import type { ServiceProcess } from './harness/service-process.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const SECRET = 'known to both sides';
const definition = (name: string) => ({
  apiVersion: 'orderlines/v1',
  kind: 'Process',
  name,
  params: [{ name: 'what', type: 'string', default: '' }],
  flow: [{ id: 'done', type: 'end' }],
});

describe('triggers, from the request or event to the run', () => {
  let system: WholeSystem;
  let scheduler: ServiceProcess;
  let folder: string;

  beforeAll(async () => {
    system = await startWholeSystem();
    scheduler = await system.platform.makeScheduler('scheduler', await freePort()).start();
    folder = await mkdtemp(join(tmpdir(), 'orderlines-triggers-'));
    for (const name of ['build', 'after-build']) await buildProcess(system.platform, JSON.stringify(definition(name)));
    const stored = await system.platform.fetch('secrets/hook?namespace=default', {
      method: 'PUT',
      body: JSON.stringify({ value: SECRET }),
    });
    expect(stored.ok).toBe(true);
  }, 120_000);
  afterAll(async () => {
    await scheduler?.stop();
    await system?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const make = async (body: object): Promise<TriggerWithAddress> => {
    const file = join(folder, `${randomUUID()}.yaml`);
    await writeFile(file, JSON.stringify(body));
    return system.platform.json(['triggers', 'create', '-f', file]);
  };
  const signed = async (style: string): Promise<TriggerWithAddress> =>
    make({
      name: style,
      process: 'default/build',
      params: { what: '${{ event.body.what }}' },
      webhook: { signature: { style, secret: 'hook' } },
    });
  const call = async ({ path }: TriggerWithAddress, body: string, headers: Readonly<Record<string, string>>): Promise<number> => {
    const answer = await fetch(`${system.platform.url}${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
      signal: AbortSignal.timeout(10_000),
    });
    return answer.status;
  };
  const evaluations = async (id: string): Promise<EvaluationView[]> =>
    (await system.platform.json<{ items: EvaluationView[] }>(['triggers', 'evaluations', id])).items;
  const started = (id: string): Promise<EvaluationView> =>
    eventually(
      'an evaluation has started a run',
      async () => {
        const all = await evaluations(id);
        const found = all.find(({ outcome }) => outcome === 'started');
        if (found === undefined) throw new Error(`${JSON.stringify(all)}\n${scheduler.output}`);
        return found;
      },
      { limitMs: 60_000, everyMs: 300 },
    );
  const runOf = async ({ instanceId }: EvaluationView): Promise<{ origin: string; startedBy: string; params: { what: string } }> =>
    (await (await system.platform.fetch(`instances/${instanceId}`)).json()) as never;

  it.each([
    [
      'github',
      (body: string) => ({
        'x-github-delivery': 'd1',
        'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
      }),
    ],
    ['gitlab', () => ({ 'x-gitlab-event-uuid': 'd1', 'x-gitlab-token': SECRET })],
    [
      'hmac',
      (body: string) => {
        const at = Math.floor(Date.now() / 1_000);
        const signature = createHmac('sha256', SECRET).update(`d1.${at}.${body}`).digest('base64');
        return { 'webhook-id': 'd1', 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` };
      },
    ],
  ])('a request that %s signs starts one run, however often it is delivered; one that nobody signed starts none', async (style, sign) => {
    const trigger = await signed(style);
    const body = JSON.stringify({ what: style });
    expect(await call(trigger, body, {})).toBe(401);
    expect(await call(trigger, body, sign(body))).toBe(202);
    expect(await call(trigger, body, sign(body))).toBe(202);
    const evaluation = await started(trigger.id);
    expect(await runOf(evaluation)).toMatchObject({ origin: 'webhook', startedBy: `trigger:default/${style}`, params: { what: style } });
    const outcomes = (await evaluations(trigger.id)).map(({ outcome }) => outcome).toSorted();
    expect(outcomes).toEqual(['duplicate', 'refused', 'started']);
  });

  it('an event that somebody publishes starts a run, and the end of that run another one', async () => {
    const first = await make({
      ...{ name: 'told', process: 'default/build', params: { what: '${{ event.subject }}' } },
      ...{ filter: "event.data.branch == 'main'", event: { types: ['repository.*'] } },
    });
    const second = await make({
      ...{ name: 'followed', process: 'default/after-build', params: { what: '${{ event.data.process }}' } },
      ...{ filter: "event.data.process == 'build'", event: { types: ['orderlines.instance.succeeded'] } },
    });
    await system.platform.json(['event', 'publish', 'repository.push', '--subject', 'other', '--data', '{"branch":"topic"}']);
    await system.platform.json(['event', 'publish', 'repository.push', '--subject', 'shop', '--data', '{"branch":"main"}']);
    expect(await runOf(await started(first.id))).toMatchObject({ origin: 'event', params: { what: 'shop' } });
    expect(await runOf(await started(second.id))).toMatchObject({ origin: 'event', params: { what: 'build' } });
    expect((await evaluations(first.id)).map(({ outcome }) => outcome).toSorted()).toEqual(['filtered', 'started']);
  });

  it('events that come together make one start, and one that does not come makes one, too', async () => {
    const quiet = await make({
      ...{ name: 'quiet', process: 'default/build', params: { what: '${{ string(size(events)) }}' } },
      event: { types: ['shop.changed'], debounce: { quiet: '2s', give: 'all' } },
    });
    const missing = await make({
      ...{ name: 'missing', process: 'default/build', params: { what: '${{ event.subject }}' } },
      event: { types: ['shop.closed'], absence: { within: '2s', after: { types: ['shop.opened'] }, by: 'event.subject' } },
    });
    for (let n = 0; n < 3; n += 1) await system.platform.json(['event', 'publish', 'shop.changed']);
    await system.platform.json(['event', 'publish', 'shop.opened', '--subject', 'b1']);
    expect(await runOf(await started(missing.id))).toMatchObject({ params: { what: 'b1' } });
    await started(quiet.id);
    const all = await evaluations(quiet.id);
    expect(all.filter(({ outcome }) => outcome === 'debounced')).toHaveLength(3);
  });
});

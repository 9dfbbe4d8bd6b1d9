import type { DataSource } from 'typeorm';
import {
  discardDraft,
  findDraft,
  findProcess,
  findVersion,
  publishVersion,
  ProcessVersion,
  removeProcess,
  saveDraft,
  type PublishRequest,
} from '../index.js';
import { startDataSource } from '../testing/migrated-data-source.js';

describe('stored definitions', () => {
  let source: DataSource;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ source, close } = await startDataSource());
  });
  afterAll(() => close());

  let names = 0;
  const newName = () => `process-${(names += 1)}`;
  const request = (name: string, body: string, more: Partial<PublishRequest> = {}): PublishRequest => ({
    identity: { namespace: 'default', name },
    document: { name, flow: [{ uses: 'shell', with: { command: body } }] },
    source: `command: ${body}`,
    sourceFormat: 'yaml',
    actor: 'admin',
    ...more,
  });
  const publish = (name: string, body: string, more?: Partial<PublishRequest>) => publishVersion(source.manager, request(name, body, more));

  it('answers with the same version for the same content, whatever the order of its keys', async () => {
    const name = newName();
    const first = await publish(name, 'a');
    const again = await publish(name, '', { document: { flow: [{ with: { command: 'a' }, uses: 'shell' }], name } });
    expect(first).toMatchObject({ created: true, version: { number: 1 } });
    expect(again).toMatchObject({ created: false, version: { id: first.version.id, number: 1 } });
  });

  it('counts other content up, also when it goes back to an older one', async () => {
    const name = newName();
    const numbers = [];
    for (const body of ['a', 'b', 'a']) numbers.push((await publish(name, body)).version.number);
    expect(numbers).toEqual([1, 2, 3]);
    const process = await findProcess(source.manager, `default/${name}`);
    expect(process?.latestVersion).toBe(3);
    expect((await findVersion(source.manager, process?.id ?? ''))?.number).toBe(3);
    expect((await findVersion(source.manager, process?.id ?? '', 2))?.source).toBe('command: b');
  });

  it('makes the content a version again when the one that has it is offline', async () => {
    const name = newName();
    const { version } = await publish(name, 'a');
    await source.getRepository(ProcessVersion).update({ id: version.id }, { status: 'offline' });
    expect(await findVersion(source.manager, version.processId)).toBeNull();
    expect((await publish(name, 'a')).version.number).toBe(2);
  });

  it('gives gapless numbers to many who publish at once, also of a process that is not there yet', async () => {
    const name = newName();
    const published = await Promise.all(Array.from({ length: 8 }, (_, index) => publish(name, `body ${index}`)));
    expect(published.map(({ version }) => version.number).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(new Set(published.map(({ process }) => process.id)).size).toBe(1);
  });

  it('finds a process by id, by name and by the process_id of the older format', async () => {
    const name = newName();
    const { process } = await publish(name, 'a', { identity: { namespace: 'team', name, legacyId: 'p_old' } });
    for (const reference of [process.id, `team/${name}`, 'p_old']) {
      expect((await findProcess(source.manager, reference))?.id).toBe(process.id);
    }
    for (const reference of ['nothing', `default/${name}`, '/', '01900000-0000-7000-8000-000000000000']) {
      expect(await findProcess(source.manager, reference)).toBeNull();
    }
  });

  it('refuses a process_id that another process of the namespace has, and asks when two namespaces have it', async () => {
    const legacy = (namespace: string) => publish(newName(), 'a', { identity: { namespace, name: newName(), legacyId: 'p_shared' } });
    await legacy('one');
    await expect(legacy('one')).rejects.toMatchObject({ code: 'process.legacy-id-taken' });
    await legacy('two');
    await expect(findProcess(source.manager, 'p_shared')).rejects.toMatchObject({ code: 'process.ambiguous' });
  });

  it('frees the name of a removed process and keeps its versions', async () => {
    const name = newName();
    const { process, version } = await publish(name, 'a');
    expect(await removeProcess(source.manager, process.id, 'admin')).toBe('removed');
    expect(await removeProcess(source.manager, process.id, 'admin')).toBe('missing');
    expect(await findProcess(source.manager, process.id)).toBeNull();
    const next = await publish(name, 'a');
    expect(next.process.id).not.toBe(process.id);
    expect(next.version.number).toBe(1);
    expect(await source.getRepository(ProcessVersion).findOneBy({ id: version.id })).not.toBeNull();
  });

  describe('drafts', () => {
    const save = (name: string, text: string, ifMatch?: string | null) =>
      saveDraft(source.manager, {
        process: { namespace: 'default', name },
        source: text,
        sourceFormat: 'yaml',
        problems: [],
        actor: 'admin',
        ...(ifMatch === undefined ? {} : { ifMatch }),
      });

    it('are refused to whoever has not seen the newest', async () => {
      const name = newName();
      const { draft, process } = await save(name, 'one', null);
      expect(process.latestVersion).toBeNull();
      await expect(save(name, 'two', null)).rejects.toMatchObject({ code: 'draft.changed' });
      const second = await save(name, 'two', draft.etag);
      await expect(save(name, 'three', draft.etag)).rejects.toMatchObject({ code: 'draft.changed' });
      expect(await findDraft(source.manager, process.id)).toMatchObject({ source: 'two', etag: second.draft.etag });
      await save(name, 'four');
      expect(await findDraft(source.manager, process.id)).toMatchObject({ source: 'four' });
    });

    it('become a version once, and only the one that was seen', async () => {
      const name = newName();
      const { draft, process } = await save(name, 'one');
      const { draft: newer } = await save(name, 'two');
      const publishDraft = (etag: string) => publish(name, 'two', { draft: { processId: process.id, etag } });
      await expect(publishDraft(draft.etag)).rejects.toMatchObject({ code: 'draft.changed' });
      expect(await publishDraft(newer.etag)).toMatchObject({ process: { id: process.id }, version: { number: 1 } });
      await expect(publishDraft(newer.etag)).rejects.toMatchObject({ code: 'draft.missing' });
    });

    it('may rename their process, but not to a name that is taken', async () => {
      const taken = newName();
      await publish(taken, 'a');
      const { draft, process } = await save(newName(), 'one');
      const publishAs = (name: string) => publish(name, 'a', { draft: { processId: process.id, etag: draft.etag } });
      await expect(publishAs(taken)).rejects.toMatchObject({ code: 'process.name-taken' });
      const name = newName();
      expect(await publishAs(name)).toMatchObject({ process: { id: process.id, name } });
    });

    it('can be thrown away', async () => {
      const { process } = await save(newName(), 'one');
      expect(await discardDraft(source.manager, process)).toBe(true);
      expect(await discardDraft(source.manager, process)).toBe(false);
    });
  });
});

import { createLogger } from '@orderlines/service-host';
import { buildService, type BuiltService } from '@orderlines/testing';
import { DefinitionReaders, type ReadingOrder } from './definition-readers.js';

const withNodes = (count: number): ReadingOrder => ({
  content: `apiVersion: orderlines/v1\nkind: Process\nname: big\nflow:\n${Array.from({ length: count }, (_, index) => `  - { id: n${index}, uses: log, with: { message: "\${{ run.id }}" } }`).join('\n')}`,
});

describe('definitions are read in threads', () => {
  let built: BuiltService;
  const open: DefinitionReaders[] = [];
  const readers = (limitMs?: number): DefinitionReaders => {
    const made = new DefinitionReaders(built.entry('definition-reader'), createLogger('test', 'silent'), limitMs);
    open.push(made);
    return made;
  };
  beforeAll(() => void (built = buildService('api-gateway', 'definition-reader')));
  afterEach(async () => void (await Promise.all(open.splice(0).map((made) => made.close()))));
  afterAll(() => built.remove());

  it('while the event loop goes on, however large one is', async () => {
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 10);
    const { problems, document } = await readers().read(withNodes(10_000));
    clearInterval(ticking);
    expect(problems).toEqual([]);
    expect(document?.flow).toHaveLength(10_000);
    // It was read for much longer than a few turns of the loop take.
    expect(turns).toBeGreaterThan(5);
  });

  it('several at once, each with its own answer', async () => {
    const pool = readers();
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
    const read = await Promise.all(
      names.map((name) => pool.read({ content: `apiVersion: orderlines/v1\nkind: Process\nname: ${name}\nflow: []` })),
    );
    expect(read.map(({ document }) => document?.name)).toEqual(names);
  });

  it('within a limit; a thread that was ended is followed by another', async () => {
    const pool = readers(5);
    await expect(pool.read(withNodes(10_000))).rejects.toMatchObject({ code: 'definition.too-large', status: 422 });
    const patient = readers();
    await expect(Promise.all(Array.from({ length: 103 }, () => patient.read(withNodes(10))))).rejects.toMatchObject({
      code: 'definition.busy',
      status: 503,
    });
  });
});

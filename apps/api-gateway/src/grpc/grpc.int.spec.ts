import { credentials, loadPackageDefinition, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { callUnary, instanceRpc, originalRpc, processRpc } from '@orderlines/rpc';
import { protoPath } from 'grpc-health-check';
import { loadSync } from '@grpc/proto-loader';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { announceWorker, buildProcess, simpleDefinition, StoredRun } from '../testing/stored-run.js';

const HOUR_MS = 3_600_000;

describe('the public gRPC door', () => {
  let harness: GatewayHarness;
  let processes: processRpc.ProcessServiceClient;
  let instances: instanceRpc.InstanceServiceClient;
  let original: originalRpc.OrderlinesServiceClient;
  let metadata: Metadata;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    await announceWorker(harness.pool);
    const address = `127.0.0.1:${harness.gateway.grpcPort}`;
    processes = new processRpc.ProcessServiceClient(address, credentials.createInsecure());
    instances = new instanceRpc.InstanceServiceClient(address, credentials.createInsecure());
    original = new originalRpc.OrderlinesServiceClient(address, credentials.createInsecure());
    metadata = new Metadata();
    metadata.set('authorization', `Bearer ${harness.token}`);
  });
  afterAll(async () => {
    for (const client of [processes, instances, original]) client?.close();
    await harness?.close();
  });

  const options = () => ({ deadlineMs: 20_000, metadata });
  const build = (content: string, more: Partial<processRpc.BuildProcessRequest> = {}) =>
    callUnary(processes, processes.buildProcess, { content, format: 0, draft: false, dry: false, ...more }, options());

  it('builds, reads and lists processes', async () => {
    const built = await build(simpleDefinition('by-grpc', 'description: first\n'));
    expect(built).toMatchObject({ namespace: 'default', name: 'by-grpc', version: 1, problems: [] });
    const { process, document } = await callUnary(processes, processes.getProcess, { process: 'default/by-grpc' }, options());
    expect(process).toMatchObject({ id: built.id, latestVersion: 1, createdBy: 'admin', createdAt: expect.any(Date) });
    expect(document).toMatchObject({ description: 'first', flow: [{ id: 'say' }] });
    const page = await callUnary(
      processes,
      processes.listProcesses,
      { namespace: '', name: 'by-', pageSize: 10, pageToken: '' },
      options(),
    );
    expect(page).toMatchObject({ processes: [{ name: 'by-grpc' }], nextPageToken: '' });
  });

  it('compares, withdraws, restores, copies and removes versions, and says what publishing would do', async () => {
    const process = 'default/lived';
    await build(simpleDefinition('lived'));
    await build(simpleDefinition('lived', 'description: second\n'));
    const ask = <Request, Answer>(call: Parameters<typeof callUnary<Request, Answer>>[1], request: Request) =>
      callUnary<Request, Answer>(processes, call, request, options());
    const { difference } = await ask(processes.compareVersions, { process, from: '1', to: '2' });
    expect(difference).toEqual({ settings: [{ field: 'description', after: 'second', before: undefined }], nodes: [], drawing: false });
    const { OFFLINE, PUBLISHED } = {
      OFFLINE: processRpc.VersionStatus.VERSION_STATUS_OFFLINE,
      PUBLISHED: processRpc.VersionStatus.VERSION_STATUS_PUBLISHED,
    };
    expect(await ask(processes.setVersionStatus, { process, number: 1, status: OFFLINE })).toMatchObject({
      version: { number: 1, status: OFFLINE },
    });
    expect(await ask(processes.listVersions, { process, pageSize: 0, pageToken: '' })).toMatchObject({
      versions: [
        { number: 2, status: PUBLISHED },
        { number: 1, status: OFFLINE },
      ],
    });
    await expect(ask(processes.setVersionStatus, { process, number: 1, status: 0 })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
    expect(await ask(processes.restoreVersion, { process, number: 1, replaceDraft: false })).toMatchObject({ problems: [] });
    expect(await ask(processes.copyProcess, { process, namespace: 'default', name: 'lived-copy', version: 0 })).toMatchObject({
      name: 'lived-copy',
      version: 1,
    });
    expect(await ask(processes.checkProcess, { content: simpleDefinition('lived'), format: 0 })).toMatchObject({
      ...{ valid: true, version: 2, missingSecrets: [], schedules: [], hosts: [] },
      changes: { settings: [{ field: 'description', before: 'second' }] },
    });
    await ask(processes.deleteVersion, { process, number: 1 });
    await ask(processes.deleteProcess, { process: 'default/lived-copy' });
    await expect(ask(processes.deleteVersion, { process, number: 2 })).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
  });

  it('makes things as files describe them, and writes a namespace as such a file', async () => {
    const ask = <Request, Answer>(call: Parameters<typeof callUnary<Request, Answer>>[1], request: Request) =>
      callUnary<Request, Answer>(processes, call, request, options());
    const variable = 'apiVersion: orderlines/v1\nkind: Variable\nname: filed\ntype: string\nvalue: eu\n';
    const request = { files: [{ name: 'a.yaml', content: variable }], namespace: '', prune: false, dry: true, plan: '' };
    const plan = await ask(processes.applyManifests, request);
    expect(plan).toMatchObject({ valid: true, problems: [], changes: [{ kind: 'Variable', name: 'filed', action: 1, outcome: 1 }] });
    const done = await ask(processes.applyManifests, { ...request, dry: false, plan: plan.digest });
    expect(done.changes).toMatchObject([{ outcome: 2 }]);
    const stale = ask(processes.applyManifests, { ...request, dry: false, plan: plan.digest });
    await expect(stale).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
    const broken = await ask(processes.applyManifests, { ...request, files: [{ name: 'b.yaml', content: 'kind: Variable\n' }] });
    expect(broken).toMatchObject({ valid: false, problems: expect.arrayContaining([expect.objectContaining({ file: 'b.yaml' })]) });
    const { content } = await ask(processes.exportNamespace, { namespace: 'default' });
    expect(content).toContain('name: filed');
  });

  it('says all that is wrong with a definition, as a status or as an answer', async () => {
    const content = 'apiVersion: orderlines/v1\nkind: Process\nname: no\nflow:\n  - { id: a, uses: shel }\n';
    const error = (await build(content).catch((thrown: unknown) => thrown)) as ServiceError;
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details: expect.stringContaining('one problem') });
    expect(error.metadata.get('orderlines-code')).toEqual(['definition.invalid']);
    const problem: unknown = JSON.parse(error.metadata.get('orderlines-problem-bin')[0]?.toString() ?? '');
    expect(problem).toMatchObject({ status: 422, errors: [{ code: 'definition.unknown-task-type', line: 5 }] });
    const checked = await callUnary(
      processes,
      processes.validateProcess,
      { content, format: processRpc.DefinitionFormat.DEFINITION_FORMAT_YAML },
      options(),
    );
    expect(checked).toMatchObject({ valid: false, problems: [{ line: 5, severity: processRpc.Severity.SEVERITY_ERROR }] });
  });

  it('keeps a refusal with thousands of problems small enough for every client', async () => {
    const nodes = Array.from({ length: 2_000 }, (_, index) => `  - { id: n${index}, uses: shel }\n`).join('');
    const error = (await build(`apiVersion: orderlines/v1\nkind: Process\nname: no\nflow:\n${nodes}`).catch(
      (thrown: unknown) => thrown,
    )) as ServiceError;
    expect(error.code).toBe(status.INVALID_ARGUMENT);
    expect((error.metadata.get('orderlines-problem-bin')[0] as Buffer).length).toBeLessThanOrEqual(4_096);
  });

  it('reads a run, follows it and its log to the end', async () => {
    const processId = await buildProcess(harness, simpleDefinition('run-by-grpc'));
    const run = await new StoredRun(harness.pool).create(processId);
    await run.fact({ type: 'instance', status: 'RUNNING' });
    await run.log(0, 'one', 'two');
    await run.endTask(1);
    await run.fact({ type: 'instance', status: 'SUCCESS' });
    const read = await callUnary(instances, instances.getInstance, { id: run.id }, options());
    expect(read).toMatchObject({
      instance: { id: run.id, process: 'run-by-grpc', version: 1, number: 1, status: 'SUCCESS' },
      params: { a: 1 },
      permitted: ['restart', 'rerun'],
      tasks: [{ nodeId: 'say', input: { message: 'hello' }, result: null, status: 'SUCCESS' }],
    });
    const events = await collect(instances.watchInstance({ id: run.id, afterSeq: 0 }, metadata));
    expect(events).toMatchObject([{ seq: 1 }, { seq: 2, facts: [{ type: 'instance', status: 'SUCCESS' }], at: expect.any(Date) }]);
    const lines = await collect(instances.streamLogs({ id: run.id, task: '' }, metadata));
    expect(lines).toMatchObject([{ text: 'one', nodeId: 'say' }, { text: 'two' }]);
    const page = await callUnary(
      instances,
      instances.listInstances,
      instanceRpc.ListInstancesRequest.fromPartial({
        ...{ process: processId, status: 'SUCCESS', sort: 'created', startedBy: 'admin' },
        ...{ since: new Date(Date.now() - HOUR_MS), until: new Date(Date.now() + HOUR_MS) },
      }),
      options(),
    );
    expect(page.instances).toMatchObject([{ id: run.id }]);
    const waiting = instanceRpc.ListInstancesRequest.fromPartial({ waiting: true });
    expect((await callUnary(instances, instances.listInstances, waiting, options())).instances).toEqual([]);
  });

  it('refuses what is not there, and what is no status', async () => {
    await expect(callUnary(instances, instances.getInstance, { id: 'no' }, options())).rejects.toMatchObject({ code: status.NOT_FOUND });
    await expect(collect(instances.watchInstance({ id: 'no', afterSeq: 0 }, metadata))).rejects.toMatchObject({ code: status.NOT_FOUND });
    const list = callUnary(instances, instances.listInstances, instanceRpc.ListInstancesRequest.fromPartial({ status: 'DONE' }), options());
    await expect(list).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it('lists its services by reflection and tells its health, to anybody', async () => {
    const health = loadPackageDefinition(loadSync(protoPath, { enums: String })) as unknown as GrpcHealth;
    const client = new health.grpc.health.v1.Health(`127.0.0.1:${harness.gateway.grpcPort}`, credentials.createInsecure());
    const answer = await new Promise((resolve, reject) =>
      client.check({ service: 'orderlines.instance.v1.InstanceService' }, (error, response) => (error ? reject(error) : resolve(response))),
    );
    expect(answer).toEqual({ status: 'SERVING' });
    client.close();
    expect((await reflectedServices(harness.gateway.grpcPort ?? 0)).sort()).toEqual([
      'orderlines.access.v1.AccessService',
      'orderlines.instance.v1.InstanceService',
      'orderlines.process.v1.ProcessService',
      'orderlines.schedule.v1.ScheduleService',
      'orderlines.trigger.v1.TriggerService',
    ]);
  });

  describe('for clients of the original', () => {
    const dict = (taskNode: string, clearDb = false) =>
      callUnary(
        original,
        original.buildProcessByDict,
        {
          processInfo: JSON.stringify({ process_id: 'dict', process_name: 'by-dict', process_config: { is_send: false } }),
          taskNode,
          variable: '',
          clearDb,
        },
        options(),
      );
    const NODES = JSON.stringify([
      { task_id: '1', task_name: 'start', task_type: 'start', method_name: 'start', task_module: 'BuiltIn', prev_id: null, next_id: '2' },
      { task_id: '2', task_name: 'end', task_type: 'end', method_name: 'end', task_module: 'BuiltIn', prev_id: '1', next_id: null },
    ]);

    it('builds from the parts of a definition', async () => {
      const built = await dict(NODES);
      expect(built).toMatchObject({ code: 200, message: 'success' });
      const found = await callUnary(processes, processes.getProcess, { process: 'dict' }, options());
      expect(found.process).toMatchObject({ id: built.processId, name: 'by-dict' });
    });

    it('tells errors in a normal reply', async () => {
      expect(await dict('[')).toMatchObject({ code: 400, message: expect.stringContaining('task_node is not JSON') });
      expect(await dict('[{"task_id": "1"}]')).toMatchObject({ code: 422, message: expect.stringContaining('task_nodes') });
      const stopped = await callUnary(original, original.stopProcess, { processInstanceId: 'no', stopSchedule: false }, options());
      expect(stopped).toMatchObject({ code: 404, taskInstanceIds: '' });
    });

    it('plans a dry start without starting anything', async () => {
      await dict(NODES);
      const request = { processId: 'dict', runType: 'trigger', dry: true, clearDb: false };
      expect(await callUnary(original, original.startProcess, request, options())).toMatchObject({ code: 200, processInstanceId: '' });
    });

    it('deletes nothing and reads no file of the server', async () => {
      expect(await dict(NODES, true)).toMatchObject({ code: 400, message: expect.stringContaining('clear_db') });
      for (const build of [original.buildProcessByJson, original.buildProcessByYaml]) {
        const answer = await callUnary(original, build, { filepath: '/etc/passwd', clearDb: false }, options());
        expect(answer).toMatchObject({ code: 400, message: expect.stringContaining('Files of the server are not read') });
      }
    });
  });
});

interface GrpcHealth {
  readonly grpc: { readonly health: { readonly v1: { readonly Health: new (address: string, security: object) => HealthClient } } };
}

interface HealthClient {
  check(request: object, callback: (error: unknown, response: unknown) => void): void;
  close(): void;
}

const collect = async <Item>(stream: AsyncIterable<Item>): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
};

/** Names of the services that the server tells about itself. */
const reflectedServices = async (port: number): Promise<string[]> => {
  const proto = loadPackageDefinition(loadSync(REFLECTION_PROTO, { defaults: true, oneofs: true })) as unknown as {
    grpc: { reflection: { v1: { ServerReflection: new (address: string, security: object) => ReflectionClient } } };
  };
  const client = new proto.grpc.reflection.v1.ServerReflection(`127.0.0.1:${port}`, credentials.createInsecure());
  const call = client.ServerReflectionInfo();
  try {
    return await new Promise((resolve, reject) => {
      call.on('error', reject);
      call.on('data', ({ listServicesResponse }) => resolve(listServicesResponse.service.map(({ name }) => name)));
      call.write({ listServices: '' });
    });
  } finally {
    call.end();
    client.close();
  }
};

interface ReflectionClient {
  ServerReflectionInfo(): {
    on(event: 'error', listener: (error: unknown) => void): void;
    on(event: 'data', listener: (answer: { listServicesResponse: { service: { name: string }[] } }) => void): void;
    write(request: object): void;
    end(): void;
  };
  close(): void;
}

const REFLECTION_PROTO = new URL(
  '../../../../node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto',
  import.meta.url,
).pathname;

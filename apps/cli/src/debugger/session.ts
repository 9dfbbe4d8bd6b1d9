import { InstanceDetail, isTerminalProcess, OperationDone, type DebugAction, type TaskView } from '@orderlines/contracts';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { CommandError, EXIT, type ExitCode } from '../command-error.js';
import type { Invocation } from '../invocation.js';
import { instanceText } from '../output/instance-text.js';
import { type ApiClient, runPath } from '../server/client.js';
import { notice } from '../terminal.js';
import { DEBUGGER_HELP, readDebuggerLine } from './line.js';

const LOOK_EVERY_MS = 250;

/** Executions of a run that wait for the person who debugs it. */
export const stopsOf = ({ tasks }: InstanceDetail): readonly TaskView[] =>
  tasks.filter(({ waitReason }) => waitReason?.kind === 'breakpoint');

/** Does something at a stop. */
export const act = (client: ApiClient, instanceId: string, action: DebugAction): Promise<OperationDone> =>
  client.ask(OperationDone, {
    method: 'POST',
    path: `${runPath(instanceId)}/debug`,
    headers: { 'idempotency-key': randomUUID() },
    body: action,
  });

/** Waits until the run is stopped somewhere or has ended. */
export const nextStop = async (client: ApiClient, instanceId: string): Promise<InstanceDetail> => {
  for (;;) {
    const instance = await client.ask(InstanceDetail, { method: 'GET', path: runPath(instanceId) });
    if (isTerminalProcess(instance.status) || stopsOf(instance).length > 0) return instance;
    await pause(LOOK_EVERY_MS);
  }
};

/** Shows each stop, reads what to do there and does it, to the end of the run or until the person leaves. */
export const debugSession = async (invocation: Invocation, client: ApiClient, instanceId: string): Promise<ExitCode> => {
  const { terminal } = invocation;
  const reader = createInterface({ input: terminal.input });
  const lines = reader[Symbol.asyncIterator]();
  try {
    for (;;) {
      const instance = await nextStop(client, instanceId);
      const stops = stopsOf(instance);
      if (stops.length === 0) {
        await invocation.print(instance, () => instanceText(instance));
        return instance.status === 'SUCCESS' ? EXIT.success : EXIT.failedRun;
      }
      show(invocation, instance, stops);
      if (!(await untilAction(invocation, client, instanceId, stops, lines))) {
        notice(terminal, `the run stays where it is; go on with \`orderlines debug --instance ${instanceId}\``);
        return EXIT.success;
      }
    }
  } finally {
    reader.close();
  }
};

/** Reads lines until one of them changed something; false when the person leaves. */
const untilAction = async (
  { terminal }: Invocation,
  client: ApiClient,
  instanceId: string,
  stops: readonly TaskView[],
  lines: AsyncIterator<string>,
): Promise<boolean> => {
  for (;;) {
    terminal.notices.write('(debug) ');
    const { done, value } = await lines.next();
    if (done) return false;
    const line = readDebuggerLine(
      value,
      stops.map(({ id }) => id),
    );
    if (line.kind === 'quit') return false;
    if (line.kind === 'show') return true;
    if (line.kind === 'help') notice(terminal, DEBUGGER_HELP);
    if (line.kind === 'mistake') notice(terminal, line.message);
    if (line.kind === 'action' && (await isTaken(() => act(client, instanceId, line.action), terminal))) return true;
  }
};

/** A refusal is told, and the person tries something else. */
const isTaken = async (work: () => Promise<unknown>, terminal: Invocation['terminal']): Promise<boolean> => {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode !== EXIT.refused) throw error;
    notice(terminal, error.message);
    return false;
  }
};

const show = ({ terminal }: Invocation, { variables }: InstanceDetail, stops: readonly TaskView[]): void => {
  stops.forEach(({ path, type, uses, input, error }, index) => {
    const number = stops.length > 1 ? `${index + 1}: ` : '';
    notice(terminal, `${number}stopped before ${path} (${uses ?? type})`);
    if (input !== null) notice(terminal, `   inputs     ${JSON.stringify(input)}`);
    if (error) notice(terminal, `   inputs     cannot be resolved: ${error.message}`);
  });
  if (Object.keys(variables).length > 0) notice(terminal, `   variables  ${JSON.stringify(variables)}`);
};

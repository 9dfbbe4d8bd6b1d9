import type { DomainEvent, JsonObject, ProcessStatus } from '@orderlines/contracts';
import { EVENTS } from '@orderlines/messaging';
import type { Fact } from '@orderlines/process-engine';

/** Names of a run's facts in EVENTS. */
const FACT_NAMES: Readonly<Record<ProcessStatus, string>> = {
  PENDING: 'queued',
  RUNNING: 'running',
  PAUSED: 'paused',
  SUCCESS: 'succeeded',
  FAILURE: 'failed',
  STOP: 'stopped',
};

/** What an announcement says about the run itself. */
export interface AnnouncedRun {
  readonly id: string;
  readonly namespace: string;
  readonly processName: string;
  readonly processVersion: number;
  readonly number: number;
}

/** A fact with the subject of EVENTS under which it is published. */
export interface Announcement {
  readonly subject: string;
  readonly event: DomainEvent;
}

/** What is told of a fact of a run: the fact, and where a run ends badly the alarm that it opens. */
export const announcementsOf = (run: AnnouncedRun, fact: Extract<Fact, { type: 'instance' }>, id: string, at: number): Announcement[] => {
  const { id: instanceId, namespace, processName: process, processVersion: version, number } = run;
  const { status, phase, reason = null, message = null } = fact;
  const data = { instanceId, number, namespace, process, version, status, phase, reason, message };
  const told = (noun: string, name: string, factId: string): Announcement => ({
    subject: EVENTS.subject(noun, name, instanceId),
    event: eventOf(run, `orderlines.${noun}.${name}`, factId, at, data),
  });
  const first = told('instance', FACT_NAMES[status], id);
  return status === 'FAILURE' || status === 'STOP' ? [first, told('alarm', 'opened', `${id}.alarm`)] : [first];
};

const eventOf = (run: AnnouncedRun, type: string, id: string, at: number, data: JsonObject): DomainEvent => ({
  specversion: '1.0',
  id,
  source: `orderlines/${run.namespace}/${run.processName}`,
  type,
  subject: run.id,
  time: new Date(at).toISOString(),
  namespace: run.namespace,
  datacontenttype: 'application/json',
  data,
});

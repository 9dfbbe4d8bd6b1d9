import { actorOf, type ObjectRights, type Principal } from '@orderlines/auth';
import { ScheduleManifest, ScheduleSettings, type JsonObject, type ScheduleBody, type ScheduleView } from '@orderlines/contracts';
import { findSchedule, wholeList } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import type { Schedules } from '../schedule/schedules.js';
import type { ManifestKind, ManifestOutput, ManifestReading, ManifestRequest, ThingName, WantedThing } from './manifest-kind.js';
import type { ManifestText } from './manifest-texts.js';
import { movedProcess, processAsStored, withoutVersion } from './named-process.js';
import { differencesOf, readSettings, settingsText } from './settings-manifest.js';

/** What a schedule is told that a file pauses. */
const NOTE = 'paused by its file';

/** Schedules, paused or not. */
export class ScheduleKind implements ManifestKind {
  readonly kind = 'Schedule';

  constructor(
    private readonly manager: EntityManager,
    private readonly schedules: Schedules,
    private readonly objects: ObjectRights,
  ) {}

  async read(text: ManifestText, { principal, namespaceFor }: ManifestRequest): Promise<ManifestReading> {
    const { value, problems } = readSettings(ScheduleManifest, text);
    if (value === undefined) return { problems };
    const { apiVersion: _version, kind: _kind, ...written } = value;
    const moved = (process: string): string => movedProcess(process, namespaceFor);
    const callbacks = written.callbacks.map((callback) => ({ ...callback, process: moved(callback.process) }));
    const body = { ...written, namespace: namespaceFor(written.namespace), process: moved(written.process), callbacks };
    const { namespace, name } = body;
    const refersTo = [
      { process: withoutVersion(body.process), severity: 'error' as const },
      ...callbacks.map(({ process }) => ({ process: withoutVersion(process), severity: 'warning' as const })),
    ];
    const wanted = { namespace, name, refersTo, plan: () => this.plan(body, principal), store: () => this.store(body, principal) };
    return { problems, wanted };
  }

  async removable(namespace: string, principal: Principal): Promise<string[]> {
    return (await this.within(namespace, principal)).map(({ name }) => name);
  }

  async remove({ namespace, name }: ThingName, principal: Principal): Promise<void> {
    await this.objects.require(principal, { action: 'delete', subject: 'Schedule' }, `${namespace}/${name}`);
    return this.schedules.remove(`${namespace}/${name}`, actorOf(principal));
  }

  async texts(namespace: string, principal: Principal): Promise<ManifestOutput[]> {
    const schedules = await this.within(namespace, principal);
    return schedules.map((schedule) => ({
      ...{ namespace, name: schedule.name, needs: pinOf(schedule) },
      text: settingsText(this.kind, { namespace, name: schedule.name, ...settingsOf(schedule), paused: schedule.state === 'paused' }),
    }));
  }

  private async plan(body: ScheduleBody, principal: Principal): ReturnType<WantedThing['plan']> {
    const { namespace, name, paused, ...settings } = body;
    const reference = `${namespace}/${name}`;
    await this.objects.requireToMake(principal, { action: 'write', subject: 'Schedule' }, reference, { namespace, name });
    const stored = await findSchedule(this.manager, reference);
    if (stored === null) return { action: 'create', details: paused ? ['paused'] : [] };
    const process = await processAsStored(this.manager, settings.process);
    const remaining = remainingOf(stored, settings);
    const isPaused = { paused: stored.state === 'paused' };
    const details = differencesOf(
      { ...asJson(settingsOf(stored)), ...isPaused },
      { ...asJson({ ...settings, process, remaining }), paused },
    );
    return { action: details.length === 0 ? 'unchanged' : 'update', details };
  }

  private async store(body: ScheduleBody, principal: Principal): Promise<void> {
    const { namespace, name, paused, ...settings } = body;
    const reference = `${namespace}/${name}`;
    const stored = await findSchedule(this.manager, reference);
    if (stored === null) return void (await this.schedules.create(body, principal));
    const { id } = stored;
    const remaining = remainingOf(stored, settings);
    const process = await processAsStored(this.manager, settings.process);
    const wanted = { ...settings, process, remaining };
    const differs = differencesOf(asJson(settingsOf(stored)), asJson(wanted)).length > 0;
    if (differs) await this.schedules.update(id, wanted, principal);
    if (paused && stored.state !== 'paused') await this.schedules.pause(id, NOTE, actorOf(principal));
    if (!paused && stored.state === 'paused') await this.schedules.resume(id, actorOf(principal));
  }

  private within(namespace: string, principal: Principal): Promise<ScheduleView[]> {
    return wholeList((page) => this.schedules.list({ namespace, ...page }, principal));
  }
}

/** A count of starts goes down by itself: what is left of it stays, unless one side has none. */
const remainingOf = (stored: ScheduleView, wanted: ScheduleSettings): number | null =>
  wanted.remaining !== null && stored.remaining !== null ? stored.remaining : wanted.remaining;

const pinOf = ({ namespace, name, process }: ScheduleView): ManifestOutput['needs'] =>
  process === withoutVersion(process) ? {} : { versions: [`schedule ${namespace}/${name} starts ${process}`] };

/** What of a stored schedule people have set. */
const settingsOf = (schedule: ScheduleView): ScheduleSettings => {
  const own = Object.entries(schedule).filter(([key]) => key in ScheduleSettings.shape);
  return ScheduleSettings.parse(Object.fromEntries(own));
};

const asJson = (settings: ScheduleSettings): JsonObject => settings as unknown as JsonObject;

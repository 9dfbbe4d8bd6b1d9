import { type ObjectRights, type Principal } from '@orderlines/auth';
import { TriggerManifest, type JsonObject, type TriggerBody, type TriggerSettings, type TriggerView } from '@orderlines/contracts';
import { findTrigger, wholeList } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import type { Triggers } from '../trigger/triggers.js';
import type { ManifestKind, ManifestOutput, ManifestReading, ManifestRequest, ThingName, WantedThing } from './manifest-kind.js';
import type { ManifestText } from './manifest-texts.js';
import { movedProcess, processAsStored, withoutVersion } from './named-process.js';
import { differencesOf, readSettings, settingsText } from './settings-manifest.js';

/** What a trigger is told that a file disables. */
const NOTE = 'disabled by its file';

/** Triggers, enabled or not. The address of a webhook is in no file: a new one is got with `rotate`. */
export class TriggerKind implements ManifestKind {
  readonly kind = 'Trigger';

  constructor(
    private readonly manager: EntityManager,
    private readonly triggers: Triggers,
    private readonly objects: ObjectRights,
  ) {}

  async read(text: ManifestText, { principal, namespaceFor }: ManifestRequest): Promise<ManifestReading> {
    const { value, problems } = readSettings(TriggerManifest, text);
    if (value === undefined) return { problems };
    const { apiVersion: _version, kind: _kind, ...written } = value;
    const process = movedProcess(written.process, namespaceFor);
    const body = { ...written, namespace: namespaceFor(written.namespace), process };
    const { namespace, name } = body;
    const refersTo = [{ process: withoutVersion(process), severity: 'error' as const }];
    const wanted = { namespace, name, refersTo, plan: () => this.plan(body, principal), store: () => this.store(body, principal) };
    return { problems, wanted };
  }

  async removable(namespace: string, principal: Principal): Promise<string[]> {
    return (await this.within(namespace, principal)).map(({ name }) => name);
  }

  async remove({ namespace, name }: ThingName, principal: Principal): Promise<void> {
    await this.objects.require(principal, { action: 'delete', subject: 'Trigger' }, `${namespace}/${name}`);
    return this.triggers.remove(`${namespace}/${name}`);
  }

  async texts(namespace: string, principal: Principal): Promise<ManifestOutput[]> {
    const triggers = await this.within(namespace, principal);
    return triggers.map((trigger) => ({
      ...{ namespace, name: trigger.name, needs: needsOf(trigger) },
      text: settingsText(this.kind, { namespace, name: trigger.name, ...asJson(settingsOf(trigger)), enabled: trigger.enabled }),
    }));
  }

  private async plan(body: TriggerBody, principal: Principal): ReturnType<WantedThing['plan']> {
    const { namespace, name, enabled, note: _note, ...settings } = body;
    const reference = `${namespace}/${name}`;
    const made = { namespace, name, labels: settings.labels };
    await this.objects.requireToMake(principal, { action: 'write', subject: 'Trigger' }, reference, made);
    const stored = await findTrigger(this.manager, reference);
    if (stored === null) return { action: 'create', details: enabled ? [] : ['disabled'] };
    const wanted = { ...asJson({ ...settings, process: await processAsStored(this.manager, settings.process) }), enabled };
    const details = differencesOf({ ...asJson(settingsOf(stored)), enabled: stored.enabled }, wanted);
    return { action: details.length === 0 ? 'unchanged' : 'update', details };
  }

  private async store(body: TriggerBody, principal: Principal): Promise<void> {
    const { namespace, name, enabled, note, ...settings } = body;
    const stored = await findTrigger(this.manager, `${namespace}/${name}`);
    if (stored === null) return void (await this.triggers.create(body, principal));
    const wanted = { ...settings, process: await processAsStored(this.manager, settings.process) };
    const differs = differencesOf(asJson(settingsOf(stored)), asJson(wanted)).length > 0;
    if (differs) await this.triggers.update(stored.id, wanted, principal);
    if (enabled && !stored.enabled) await this.triggers.enable(stored.id, principal);
    if (!enabled && stored.enabled) await this.triggers.disable(stored.id, note || NOTE, principal);
  }

  private within(namespace: string, principal: Principal): Promise<TriggerView[]> {
    return wholeList((page) => this.triggers.list({ namespace, ...page }, principal));
  }
}

/** A pinned version, and the secret of a webhook's signatures. */
const needsOf = ({ namespace, name, process, webhook }: TriggerView): ManifestOutput['needs'] => {
  const secret = webhook?.signature.secret ?? null;
  return {
    ...(process !== withoutVersion(process) && { versions: [`trigger ${namespace}/${name} starts ${process}`] }),
    ...(secret !== null && { secrets: [secret] }),
  };
};

/** What of a stored trigger people have set. */
const settingsOf = ({ description, labels, process, filter, params, maxPerMinute, webhook, event }: TriggerView): TriggerSettings => ({
  ...{ description, labels, process, filter, params, maxPerMinute },
  ...{ webhook, event },
});

const asJson = (settings: TriggerSettings): JsonObject => settings as unknown as JsonObject;

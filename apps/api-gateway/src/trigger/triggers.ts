import { actorOf, requireRight, type ObjectRights, type Principal } from '@orderlines/auth';
import type {
  EvaluationPage,
  EvaluationQuery,
  TriedTrigger,
  TriggerBody,
  TriggerDetail,
  TriggerPage,
  TriggerQuery,
  TriggerSettings,
  TriggerView,
  TriggerWithAddress,
  TryTriggerBody,
} from '@orderlines/contracts';
import {
  audit,
  constraintOf,
  countEvaluations,
  findTrigger,
  insertTrigger,
  listEvaluations,
  listTimers,
  listTriggers,
  removeTrigger,
  restartTimers,
  setTriggerState,
  setTriggerToken,
  updateTrigger,
  type TriggerWrite,
} from '@orderlines/persistence';
import { firstTimer, type TriggerRule } from '@orderlines/triggers';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { notFound, RequestRefused } from '../problems/request-refused.js';
import { findReferred, requireListed, requireRunnable, requireVersion } from '../process/process-reference.js';
import { issueAddress } from '../webhook/webhook-token.js';
import { paramProblems, requireRule, signatureProblems } from './trigger-check.js';
import { tryTrigger } from './try-trigger.js';

/** Triggers: written and read here; schedulers judge what they hear. */
export class Triggers {
  constructor(
    private readonly manager: EntityManager,
    private readonly pool: Pool,
    private readonly objects: ObjectRights,
  ) {}

  /** Triggers that the principal may see, by namespace and name. */
  async list({ cursor, limit, process, ...filter }: TriggerQuery, principal: Principal): Promise<TriggerPage> {
    const processId = await requireListed(this.manager, process, { principal, listing: 'Trigger' });
    return listTriggers(
      this.pool,
      { ...filter, processId, limits: principal.rights.limits('read', 'Trigger') },
      { limit, ...(cursor && { cursor }) },
    );
  }

  /** A trigger with what came of its events, and what it waits for. */
  async get(reference: string): Promise<TriggerDetail> {
    const trigger = await this.require(reference);
    const [counts, timers] = await Promise.all([countEvaluations(this.pool, trigger.id), listTimers(this.pool, trigger.id)]);
    return { ...trigger, counts, timers };
  }

  /** Makes a trigger; a webhook's address is told this once. */
  async create({ namespace, name, enabled, note, ...settings }: TriggerBody, principal: Principal): Promise<TriggerWithAddress> {
    const owner = actorOf(principal);
    requireRight(principal, { action: 'write', subject: 'Trigger' }, { namespace, name, owner, labels: settings.labels });
    const id = uuidV7();
    const { write, rule } = await this.checked(id, namespace, settings, principal);
    const address = settings.webhook === null ? null : issueAddress();
    try {
      await this.manager.transaction(async (manager) => {
        await insertTrigger(manager, write, { namespace, name, enabled, note, token: address?.stored ?? null });
        if (enabled) await restartTimers(manager, id, firstTimer(rule.absence, Date.now()));
        const after = { ...settings, enabled, note };
        await audit.record(manager, { action: 'create', subject: { kind: 'Trigger', id, name, namespace }, after });
      });
    } catch (error) {
      if (constraintOf(error) !== 'trigger_name') throw error;
      throw new RequestRefused('trigger.name-taken', `There is a trigger ${namespace}/${name} already: choose another name.`, 409);
    }
    return { ...(await this.require(id)), path: address?.path ?? null };
  }

  /** Changes all settings of a trigger; one that becomes a webhook gets an address, which is told this once. */
  async update(reference: string, settings: TriggerSettings, principal: Principal): Promise<TriggerWithAddress> {
    const { id, namespace, name, createdBy } = await this.require(reference);
    requireRight(principal, { action: 'write', subject: 'Trigger' }, { namespace, name, owner: createdBy, labels: settings.labels });
    const { write, rule } = await this.checked(id, namespace, settings, principal);
    let path: string | null = null;
    await this.change(id, 'update', settings, async (manager, before) => {
      await updateTrigger(manager, write);
      await restartTimers(manager, id, before.enabled ? firstTimer(rule.absence, Date.now()) : null);
      if ((settings.webhook === null) === (before.webhook === null)) return;
      const address = settings.webhook === null ? null : issueAddress();
      await setTriggerToken(manager, id, address?.stored ?? null);
      path = address?.path ?? null;
    });
    return { ...(await this.require(id)), path };
  }

  /** Hears again; what happened meanwhile is none of its. */
  async enable(reference: string, principal: Principal): Promise<TriggerView> {
    const { id } = await this.require(reference);
    await this.change(id, 'enable', {}, async (manager, before) => {
      if (before.enabled) return;
      await setTriggerState(manager, id, { enabled: true, note: '', actor: actorOf(principal) });
      await restartTimers(manager, id, firstTimer(requireRule(before).absence, Date.now()));
    });
    return this.require(id);
  }

  /** Hears nothing, and forgets what it waits for. */
  async disable(reference: string, note: string, principal: Principal): Promise<TriggerView> {
    const { id } = await this.require(reference);
    await this.change(id, 'disable', { note }, async (manager) => {
      await setTriggerState(manager, id, { enabled: false, note, actor: actorOf(principal) });
      await restartTimers(manager, id, null);
    });
    return this.require(id);
  }

  /** Gives the webhook another address, which is told this once; the older one is nothing any more. */
  async rotate(reference: string): Promise<TriggerWithAddress> {
    const { id } = await this.require(reference);
    const { path, stored } = issueAddress();
    await this.change(id, 'rotate', { tokenHint: stored.hint }, async (manager, before) => {
      if (before.webhook === null) throw new RequestRefused('trigger.no-webhook', 'Only a webhook has an address to rotate.', 409);
      await setTriggerToken(manager, id, stored);
    });
    return { ...(await this.require(id)), path };
  }

  /** Removes a trigger: its name is free again, its evaluations and its runs stay. */
  async remove(reference: string): Promise<void> {
    const { id } = await this.require(reference);
    await this.change(id, 'delete', null, (manager) => removeTrigger(manager, id));
  }

  /** What the trigger would make of an event; nothing is stored or started. */
  async try(reference: string, { event }: TryTriggerBody): Promise<TriedTrigger> {
    return tryTrigger(await this.require(reference), event);
  }

  /** What a trigger decided, newest first. */
  async evaluations(reference: string, { cursor, limit, outcome, instance }: EvaluationQuery): Promise<EvaluationPage> {
    const { id } = await this.require(reference);
    return listEvaluations(this.pool, { triggerId: id, outcome, instanceId: instance }, { limit, ...(cursor && { cursor }) });
  }

  /** The trigger that is meant; refused when there is none. */
  private async require(reference: string): Promise<TriggerView> {
    const trigger = await findTrigger(this.manager, reference);
    if (trigger) return trigger;
    throw notFound('trigger.not-found', `There is no trigger "${reference}": name it by its id or as namespace/name.`);
  }

  /** Settings as they can be stored: the process can be started, and everything in them can be evaluated. */
  private async checked(
    id: string,
    namespace: string,
    settings: TriggerSettings,
    principal: Principal,
  ): Promise<{ readonly write: TriggerWrite; readonly rule: TriggerRule }> {
    const referred = await findReferred(this.pool, settings.process);
    await this.objects.require(principal, { action: 'start', subject: 'Process' }, referred.found.processId, settings.process);
    const { processId, version, ...names } = requireRunnable(referred);
    const found = await requireVersion(this.manager, { id: processId, ...names }, version.number);
    const others = [...paramProblems(found, settings.params), ...(await signatureProblems(this.pool, namespace, settings))];
    const rule = requireRule(settings, others);
    return { write: { id, settings, processId, processVersion: referred.number ?? null, actor: actorOf(principal) }, rule };
  }

  /** Changes a trigger under its lock, with a record of it. */
  private async change(
    id: string,
    action: string,
    after: object | null,
    work: (manager: EntityManager, before: TriggerView) => Promise<unknown>,
  ): Promise<void> {
    await this.manager.transaction(async (manager) => {
      const before = await findTrigger(manager, id, true);
      if (before === null) throw notFound('trigger.not-found', `There is no trigger "${id}".`);
      await work(manager, before);
      const { name, namespace } = before;
      await audit.record(manager, { action, subject: { kind: 'Trigger', id, name, namespace }, before, after });
    });
  }
}

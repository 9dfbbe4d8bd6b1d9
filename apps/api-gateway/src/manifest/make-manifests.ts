import type { ObjectRights } from '@orderlines/auth';
import type { EntityManager } from 'typeorm';
import type { Namespaces } from '../access/namespaces.js';
import type { Definitions } from '../process/definitions.js';
import type { ProcessCatalogue } from '../process/process-catalogue.js';
import type { Calendars } from '../schedule/calendars.js';
import type { Schedules } from '../schedule/schedules.js';
import type { Triggers } from '../trigger/triggers.js';
import type { Variables } from '../variable/variables.js';
import { CalendarKind } from './calendar-kind.js';
import { Manifests } from './manifests.js';
import { NamespaceExport } from './namespace-export.js';
import { ProcessKind } from './process-kind.js';
import { ScheduleKind } from './schedule-kind.js';
import { TriggerKind } from './trigger-kind.js';
import { VariableKind } from './variable-kind.js';

/** What files are read with. */
interface Surroundings {
  readonly manager: EntityManager;
  readonly objects: ObjectRights;
  readonly namespaces: Namespaces;
  readonly definitions: Definitions;
  readonly catalogue: ProcessCatalogue;
  readonly schedules: Schedules;
  readonly calendars: Calendars;
  readonly triggers: Triggers;
  readonly variables: Variables;
}

/** The kinds of things that files describe, those first that others refer to. */
export const makeManifests = (from: Surroundings): { readonly manifests: Manifests; readonly namespaceExport: NamespaceExport } => {
  const { manager, objects } = from;
  const kinds = [
    new VariableKind(from.variables),
    new CalendarKind(from.calendars),
    new ProcessKind(manager, from.definitions, from.catalogue, objects),
    new ScheduleKind(manager, from.schedules, objects),
    new TriggerKind(manager, from.triggers, objects),
  ];
  return { manifests: new Manifests(manager, kinds), namespaceExport: new NamespaceExport(from.namespaces, kinds) };
};

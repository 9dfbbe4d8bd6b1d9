import { actorOf, requireRight, type Principal } from '@orderlines/auth';
import { CalendarManifest } from '@orderlines/contracts';
import type { Calendars } from '../schedule/calendars.js';
import type { ManifestKind, ManifestOutput, ManifestReading, ManifestRequest, ThingName } from './manifest-kind.js';
import type { ManifestText } from './manifest-texts.js';
import { differencesOf, readSettings, settingsText } from './settings-manifest.js';

/** Calendars of namespaces. */
export class CalendarKind implements ManifestKind {
  readonly kind = 'Calendar';

  constructor(private readonly calendars: Calendars) {}

  async read(text: ManifestText, { principal, namespaceFor }: ManifestRequest): Promise<ManifestReading> {
    const { value, problems } = readSettings(CalendarManifest, text);
    if (value === undefined) return { problems };
    const { apiVersion: _version, kind: _kind, namespace: written, name, ...body } = value;
    const namespace = namespaceFor(written);
    return {
      problems,
      wanted: {
        ...{ namespace, name, refersTo: [] },
        plan: async () => {
          requireRight(principal, { action: 'write', subject: 'Schedule' }, { namespace, name, owner: actorOf(principal) });
          const stored = (await this.calendars.list(namespace, principal)).find((calendar) => calendar.name === name);
          if (stored === undefined) return { action: 'create', details: [] };
          const { dates, weekdays, ical, description } = stored;
          const details = differencesOf({ dates, weekdays, ical, description }, body);
          return { action: details.length === 0 ? 'unchanged' : 'update', details };
        },
        store: async () => void (await this.calendars.save(namespace, name, body, principal)),
      },
    };
  }

  async removable(namespace: string, principal: Principal): Promise<string[]> {
    return (await this.calendars.list(namespace, principal)).map(({ name }) => name);
  }

  remove({ namespace, name }: ThingName, principal: Principal): Promise<void> {
    return this.calendars.remove(namespace, name, principal);
  }

  async texts(namespace: string, principal: Principal): Promise<ManifestOutput[]> {
    const calendars = await this.calendars.list(namespace, principal);
    return calendars.map(({ name, updatedBy: _by, updatedAt: _at, ...calendar }) => ({
      ...{ namespace, name },
      text: settingsText(this.kind, { ...calendar, namespace, name }),
    }));
  }
}

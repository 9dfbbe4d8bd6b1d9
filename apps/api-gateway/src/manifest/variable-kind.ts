import { requireRight, type Principal } from '@orderlines/auth';
import { VariableManifest, type VariableView } from '@orderlines/contracts';
import type { Variables } from '../variable/variables.js';
import type { ManifestKind, ManifestOutput, ManifestReading, ManifestRequest, ThingName } from './manifest-kind.js';
import type { ManifestText } from './manifest-texts.js';
import { differencesOf, readSettings, settingsText } from './settings-manifest.js';

/** Variables of namespaces. */
export class VariableKind implements ManifestKind {
  readonly kind = 'Variable';

  constructor(private readonly variables: Variables) {}

  async read(text: ManifestText, { principal, namespaceFor }: ManifestRequest): Promise<ManifestReading> {
    const { value, problems } = readSettings(VariableManifest, text);
    if (value === undefined) return { problems };
    const { apiVersion: _version, kind: _kind, name, ...rest } = value;
    const { namespace: written, ...body } = rest;
    const namespace = namespaceFor(written);
    return {
      problems,
      wanted: {
        ...{ namespace, name, refersTo: [] },
        plan: async () => {
          requireRight(principal, { action: 'write', subject: 'Variable' }, { namespace, name });
          const stored = (await this.within(namespace, principal)).find((variable) => variable.name === name);
          if (stored === undefined) return { action: 'create', details: [] };
          const { type, value: was, description } = stored;
          const details = differencesOf({ type, value: was, description }, body);
          return { action: details.length === 0 ? 'unchanged' : 'update', details };
        },
        store: async () => void (await this.variables.set({ namespace, name }, body, principal)),
      },
    };
  }

  async removable(namespace: string, principal: Principal): Promise<string[]> {
    return (await this.within(namespace, principal)).map(({ name }) => name);
  }

  remove({ namespace, name }: ThingName, principal: Principal): Promise<void> {
    return this.variables.remove({ namespace, name }, principal);
  }

  async texts(namespace: string, principal: Principal): Promise<ManifestOutput[]> {
    const variables = await this.within(namespace, principal);
    return variables.map(({ name, type, value, description }) => ({
      ...{ namespace, name },
      text: settingsText(this.kind, { namespace, name, type, value, ...(description !== '' && { description }) }),
    }));
  }

  private async within(namespace: string, principal: Principal): Promise<VariableView[]> {
    return (await this.variables.list(principal)).filter((variable) => variable.namespace === namespace);
  }
}

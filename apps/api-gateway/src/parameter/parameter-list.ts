import type { Principal } from '@orderlines/auth';
import {
  PARAMETER_NAMES,
  PARAMETERS,
  type Json,
  type ParameterDefinition,
  type ParameterName,
  type ParameterView,
} from '@orderlines/contracts';
import { changedParameters, resetParameter, setParameter, type Parameters, type SystemParameter } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';

/** System parameters, for those who see and change them. */
export class ParameterList {
  constructor(
    private readonly manager: EntityManager,
    /** As this service reads them: who changed one here finds it changed here. */
    private readonly read: Parameters,
  ) {}

  /** Those that the principal may see, with their values. */
  async list({ rights }: Principal): Promise<ParameterView[]> {
    const changed = await changedParameters(this.manager);
    return PARAMETER_NAMES.filter((name) => rights.may('read', 'Parameter', { name })).map((name) => toView(name, changed.get(name)));
  }

  /** Changes one: here at once, for all other services within a few seconds. */
  async set(name: ParameterName, value: Json, actor: string): Promise<ParameterView> {
    await setParameter(this.manager, name, value, actor);
    return this.changed(name);
  }

  /** Gives one its default again. */
  async reset(name: ParameterName, actor: string): Promise<ParameterView> {
    await resetParameter(this.manager, name, actor);
    return this.changed(name);
  }

  private async changed(name: ParameterName): Promise<ParameterView> {
    await this.read.look();
    return toView(name, (await changedParameters(this.manager)).get(name));
  }
}

const toView = (name: ParameterName, changed: SystemParameter | undefined): ParameterView => {
  const definition: ParameterDefinition = PARAMETERS[name];
  return {
    name,
    kind: definition.kind,
    value: changed?.value ?? definition.default,
    default: definition.default,
    min: 'min' in definition ? definition.min : null,
    max: 'max' in definition ? definition.max : null,
    unit: 'unit' in definition ? definition.unit : null,
    choices: 'choices' in definition ? [...definition.choices] : null,
    description: definition.description,
    readBy: [...definition.readBy],
    version: changed === undefined ? null : Number(changed.version),
    updatedBy: changed?.updatedBy ?? null,
    updatedAt: changed?.updatedAt.toISOString() ?? null,
  };
};

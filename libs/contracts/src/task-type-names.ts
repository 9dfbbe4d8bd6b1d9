import type { TaskTypeManifest } from './plugin-manifest.js';

type Named = Pick<TaskTypeManifest, 'name' | 'version'>;

const compareVersions = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true });

/** Task types by what `uses` may say of them: `name@version`, or the bare name for the newest version. */
export const taskTypesByUses = <Type>(types: readonly Type[], manifestOf: (type: Type) => Named): ReadonlyMap<string, Type> => {
  const oldestFirst = types
    .map((type) => ({ type, ...manifestOf(type) }))
    .sort((one, other) => compareVersions(one.version, other.version));
  return new Map(
    oldestFirst.flatMap(({ type, name, version }) => [
      [name, type],
      [`${name}@${version}`, type],
    ]),
  );
};

/** The run that a subject of RUNS names: `runs.<shard>.<queue>.<instanceId>.<taskInstanceId>.<dispatch>.<kind>`. */
export interface RunSubject {
  readonly instanceId: string;
  readonly taskInstanceId: string;
  readonly kind: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads a subject of RUNS; null when it is not one. */
export const readRunSubject = (subject: string): RunSubject | null => {
  const [root, , , instanceId = '', taskInstanceId = '', dispatch, kind, ...rest] = subject.split('.');
  const wellFormed = root === 'runs' && UUID.test(instanceId) && UUID.test(taskInstanceId) && dispatch !== undefined && rest.length === 0;
  return wellFormed && kind !== undefined ? { instanceId, taskInstanceId, kind } : null;
};

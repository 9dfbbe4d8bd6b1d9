import { type CompiledProcess, planRerun, type Rerun, RerunRefused, variablesBefore } from '@orderlines/process-engine';
import { OrderlinesError } from '@orderlines/service-host';
import type { Pool } from 'pg';
import { readCandidates, readReused, readVariableFacts } from '../store/rerunnable.sql.js';

/** Executions an earlier run may have for a rerun of it: they are read and written in one go. */
const MAX_EXECUTIONS = 5_000;

/** What a new run takes over of an earlier one when it begins at a node. Throws `rerun.*` when that is not possible. */
export const prepareRerun = async (pool: Pool, process: CompiledProcess, instanceId: string, wanted: string): Promise<Rerun> => {
  const candidates = await readCandidates(pool, instanceId, MAX_EXECUTIONS);
  if (candidates.length > MAX_EXECUTIONS) {
    const message = `Run ${instanceId} has more than ${MAX_EXECUTIONS} executions, too many to take over; restart it as a whole`;
    throw new OrderlinesError('rerun.too-large', message, 422);
  }
  const { from, entered, reused } = planned(() => planRerun(process, candidates, wanted));
  if (entered === null) return { from, variables: {}, reused: [] };
  const first = Object.fromEntries(process.variables.map(({ name, value }) => [name, value]));
  const variables = variablesBefore(first, await readVariableFacts(pool, instanceId, entered), entered, reused);
  return { from, variables, reused: await readReused(pool, instanceId, [...reused]) };
};

const planned = <Plan>(work: () => Plan): Plan => {
  try {
    return work();
  } catch (error) {
    if (error instanceof RerunRefused) throw new OrderlinesError(error.code, error.message, 422, { cause: error });
    throw error;
  }
};

import type { ManifestChange, ManifestReport } from '@orderlines/contracts';
import { processRpc } from '@orderlines/rpc';
import { toProblem } from './problem-message.js';

const { ManifestAction, ManifestOutcome } = processRpc;

const ACTIONS: Readonly<Record<ManifestChange['action'], processRpc.ManifestAction>> = {
  create: ManifestAction.MANIFEST_ACTION_CREATE,
  update: ManifestAction.MANIFEST_ACTION_UPDATE,
  unchanged: ManifestAction.MANIFEST_ACTION_UNCHANGED,
  delete: ManifestAction.MANIFEST_ACTION_DELETE,
};
const OUTCOMES: Readonly<Record<ManifestChange['outcome'], processRpc.ManifestOutcome>> = {
  planned: ManifestOutcome.MANIFEST_OUTCOME_PLANNED,
  done: ManifestOutcome.MANIFEST_OUTCOME_DONE,
  failed: ManifestOutcome.MANIFEST_OUTCOME_FAILED,
  left: ManifestOutcome.MANIFEST_OUTCOME_LEFT,
};

/** A plan, and how far it was carried out, as the gRPC door says it. */
export const toManifestReport = ({ valid, digest, problems, changes }: ManifestReport): processRpc.ApplyManifestsResponse => ({
  ...{ valid, digest },
  problems: problems.map(({ file, ...problem }) => ({ file, problem: toProblem(problem) })),
  changes: changes.map(({ file, message, action, outcome, ...change }) => ({
    ...change,
    file: file ?? '',
    message: message ?? '',
    action: ACTIONS[action],
    outcome: OUTCOMES[outcome],
  })),
});

import type { Problem } from '@orderlines/contracts';
import { processRpc } from '@orderlines/rpc';

const { Severity } = processRpc;

/** A problem of a definition as the gRPC door says it. */
export const toProblem = ({ code, message, path, line, column, severity }: Problem): processRpc.Problem => ({
  ...{ code, message, path },
  line: line ?? 0,
  column: column ?? 0,
  severity: severity === 'error' ? Severity.SEVERITY_ERROR : Severity.SEVERITY_WARNING,
});

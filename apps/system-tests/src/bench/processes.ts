/** A process of `length` no-op tasks one after the other; they run inside the worker, so the engine is what is measured. */
export const chainProcess = (name: string, length: number): string =>
  JSON.stringify({
    apiVersion: 'orderlines/v1',
    kind: 'Process',
    namespace: 'bench',
    name,
    flow: Array.from({ length }, (_, index) => ({ id: `step_${index + 1}`, uses: 'math', with: { operation: 'add', a: index, b: 1 } })),
  });

import type { CompiledProcess } from '@orderlines/process-engine';

/** A run of another process that a process starts. */
export interface Call {
  /** `namespace/name`, also where the definition names no namespace. */
  readonly process: string;
  readonly version: number | 'latest';
}

/** Every run that a process of this namespace starts. */
export const callsOf = ({ nodes }: CompiledProcess, namespace: string): Call[] =>
  [...nodes.values()].flatMap((node) =>
    node.type === 'process'
      ? [{ process: node.process.includes('/') ? node.process : `${namespace}/${node.process}`, version: node.version }]
      : [],
  );

/** The processes that a process of this namespace runs, each once and in order. */
export const calledProcesses = (compiled: CompiledProcess, namespace: string): string[] =>
  [...new Set(callsOf(compiled, namespace).map(({ process }) => process))].toSorted();

/** The queues that the tasks of a process go to, each once and in order. */
export const queuesOf = ({ nodes }: CompiledProcess): string[] =>
  [...new Set([...nodes.values()].flatMap((node) => (node.type === 'task' ? [node.queue] : [])))].toSorted();

import { Injectable, type OnDestroy } from '@angular/core';
import type { ProcessDocument } from '@orderlines/process-engine';
import type { ELK } from 'elkjs/lib/elk-api.js';
import { drawingOf, withDrawing } from '../model/drawing.js';
import { elkGraph, placesOf } from './elk-graph.js';

/** Lays out processes beside the page's own thread. */
@Injectable()
export class Layouter implements OnDestroy {
  private elk: Promise<ELK> | undefined;

  /** The process with every node in its place. */
  async layOut(document: ProcessDocument, isOpen: (id: string) => boolean): Promise<ProcessDocument> {
    this.elk ??= start();
    const graph = await (await this.elk).layout(elkGraph(document, isOpen));
    const { nodes } = drawingOf(document);
    const places = Object.entries(placesOf(graph)).map(([id, place]) => [id, { ...nodes[id], ...place }]);
    return withDrawing(document, { nodes: { ...nodes, ...Object.fromEntries(places) } });
  }

  ngOnDestroy(): void {
    void this.elk?.then((elk) => elk.terminateWorker());
  }
}

async function start(): Promise<ELK> {
  const { default: Elk } = await import('elkjs/lib/elk-api.js');
  return new Elk({ workerFactory: () => new Worker(new URL('./elk.worker', import.meta.url), { type: 'module' }) });
}

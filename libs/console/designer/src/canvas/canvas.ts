import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  Injector,
  input,
  output,
  viewChild,
  ViewEncapsulation,
} from '@angular/core';
import { translateObjectSignal, TranslocoPipe, translateSignal } from '@jsverse/transloco';
import {
  FCanvasComponent,
  FFlowComponent,
  FFlowModule,
  type FCreateConnectionEvent,
  type FCreateNodeEvent,
  type FDropToGroupEvent,
  type FMoveNodesEvent,
  type FReassignConnectionEvent,
  type FSelectionChangeEvent,
} from '@foblex/flow';
import { lookOf } from '@orderlines/console/ui';
import type { NodeDocument } from '@orderlines/process-engine';
import { connect, disconnect, isOptional } from '../model/connect.js';
import { displaced } from '../model/displace.js';
import { drawingOf, placedAt, withDrawing, withMark, type Drawing, type Frame, type Note } from '../model/drawing.js';
import { flowKey, flowsIn, isContainer, MAIN_FLOW, sectionsOf, type FlowKey } from '../model/flows.js';
import { CARD, GRID, snapped, type Box } from '../model/geometry.js';
import { append, insertInto } from '../model/insert.js';
import { moveTo } from '../model/move.js';
import { newNode, type Draggable } from '../model/new-node.js';
import { isRefusal, refuse } from '../model/refusal.js';
import { notReached, type Port } from '../model/ways.js';
import { DesignerSession } from '../session/designer-session.js';
import { TaskTypes } from '../session/task-types.js';
import { connectorOf, into, outOf, wayUnder } from './drawn-ways.js';
import { LightLayer, type Picked } from './light-layer.js';
import { MarkText } from './mark-text.js';
import { Minimap } from './minimap.js';
import { NodeIcon } from './node-icon.js';
import { kindOf, NODE_ICONS, UNKNOWN_ICON } from './node-looks.js';
import { Scene } from './scene.js';
import { flowUnder } from './sight.js';
import { Viewpoint } from './viewpoint.js';

/** Below this scale nobody hits a port or reads a small sign: what is too small to use is not drawn. */
const FAR = 0.3;

interface CanvasWords {
  readonly breakpoint: string;
  readonly port: Readonly<Record<string, string>>;
  readonly type: Readonly<Record<string, string>>;
}

/** The flow as boxes and arrows; every gesture is an edit of the document. */
@Component({
  selector: 'ol-canvas',
  imports: [FFlowModule, LightLayer, MarkText, Minimap, NodeIcon, TranslocoPipe],
  providers: [Scene, Viewpoint],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { tabindex: '-1' },
  // The classes of the drawing library stand on elements that are not of this template.
  encapsulation: ViewEncapsulation.None,
  templateUrl: './canvas.html',
  styleUrl: './canvas.scss',
})
export class Canvas {
  protected readonly session = inject(DesignerSession);
  protected readonly scene = inject(Scene);
  protected readonly viewpoint = inject(Viewpoint);
  private readonly taskTypes = inject(TaskTypes);
  private readonly injector = inject(Injector);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly view = viewChild.required(FCanvasComponent);
  private readonly flow = viewChild.required(FFlowComponent);

  readonly editable = input(true);
  /** What became of the nodes, while a run is watched. */
  readonly statuses = input<ReadonlyMap<string, string>>(new Map());
  /** The node at which a debugged run stands. */
  readonly stoppedAt = input<ReadonlySet<string>>(new Set());
  /** What became of nodes since a version that they are compared with. */
  readonly changes = input<ReadonlyMap<string, string>>(new Map());
  /** True: what is moved or dropped stays on the points of a grid. */
  readonly snaps = input(false);
  readonly toggleBreakpoint = output<string>();

  private readonly breakpointWord = translateSignal('designer.breakpoint');
  private readonly portWords = translateObjectSignal('designer.port');
  private readonly typeWords = translateObjectSignal('designer.type');

  protected readonly unreached = computed(() => new Set(flowsIn(this.session.document()).flatMap((flow) => [...notReached(flow)])));
  protected readonly selected = computed(() => new Set(this.session.selection()));
  protected readonly isFar = computed(() => this.viewpoint.view().scale < FAR);
  /** Words that stand on many nodes are looked up once. */
  protected readonly words = computed<CanvasWords>(() => ({
    breakpoint: this.breakpointWord(),
    port: this.portWords(),
    type: this.typeWords(),
  }));

  protected readonly into = into;
  protected readonly outOf = outOf;
  protected readonly kindOf = kindOf;
  protected readonly isContainer = isContainer;
  protected readonly cell = computed(() => (this.snaps() ? GRID : 1));
  protected readonly startOut = outOf(null, 'start');

  constructor() {
    afterNextRender(() => this.viewpoint.follow(this.view(), this.host.nativeElement));
  }

  protected sizeOf({ width, height }: Box): { readonly width: number; readonly height: number } {
    return { width, height };
  }

  protected iconOf(node: NodeDocument): string {
    return node.type === 'task' ? (this.taskTypes.of(node.uses)?.icon ?? UNKNOWN_ICON) : NODE_ICONS[node.type];
  }

  protected statusLook(id: string): { readonly icon: string; readonly tone: string; readonly status: string } | undefined {
    const status = this.statuses().get(id);
    return status === undefined ? undefined : { ...lookOf(status), status };
  }

  protected isChosen(id: string): boolean {
    return this.selected().has(id);
  }

  /** True while a run is on its way along an arrow. */
  protected isMoving(from: string | null, to: string | null): boolean {
    const status = this.statuses().get(to ?? '');
    return (status === 'RUNNING' || status === 'RETRY') && (from === null || this.statuses().has(from));
  }

  protected chosen({ nodeIds, groupIds, connectionIds }: FSelectionChangeEvent): void {
    const places = this.session.places();
    this.session.choose([...nodeIds, ...groupIds].filter((id) => places.has(id)));
    const [way] = connectionIds;
    if (way !== undefined && connectionIds.length === 1) this.session.chosenWay.set(way);
  }

  protected connected({ sourceId, targetId }: FCreateConnectionEvent): void {
    if (targetId === undefined) return;
    const { node: from, port } = connectorOf(sourceId);
    this.session.edit('designer.edit.connect', (document) =>
      connect(document, { flow: MAIN_FLOW, from, port, to: connectorOf(targetId).node }),
    );
  }

  protected reconnected({ connectionId, nextSourceId, nextTargetId }: FReassignConnectionEvent): void {
    const way = this.scene.ways().find(({ key }) => key === connectionId)?.way;
    if (way === undefined || nextTargetId === undefined || nextSourceId === undefined) return;
    const { node: from, port } = connectorOf(nextSourceId);
    this.session.edit('designer.edit.connect', (document) => {
      const free = from === way.from && port === way.port ? document : disconnect(document, way);
      return isRefusal(free) ? free : connect(free, { flow: way.flow, from, port, to: connectorOf(nextTargetId).node });
    });
  }

  protected moved({ nodes }: FMoveNodesEvent): void {
    const places = this.session.places();
    const known = nodes.filter(({ id }) => places.has(id));
    if (known.length > 0) {
      this.session.edit('designer.edit.move', (document) =>
        placedAt(document, displaced(document, this.scene.rectangles(), new Map(known.map(({ id, position }) => [id, position])))),
      );
    }
    const marks = new Map(
      nodes.filter(({ id }) => id.startsWith('note:') || id.startsWith('frame:')).map(({ id, position }) => [id, position]),
    );
    if (marks.size > 0) this.moveMarks(marks);
    const [only] = known;
    if (only !== undefined && known.length === 1 && this.unreached().has(only.id)) this.insertMoved(only.id, only.position);
  }

  private moveMarks(places: ReadonlyMap<string, { readonly x: number; readonly y: number }>): void {
    const at = <Mark extends Note | Frame>(kind: string, mark: Mark): Mark => ({ ...mark, ...places.get(`${kind}:${mark.id}`) });
    this.session.edit('designer.edit.move', (document) => {
      const { notes, frames } = drawingOf(document);
      return withDrawing(document, { notes: notes.map((note) => at('note', note)), frames: frames.map((frame) => at('frame', frame)) });
    });
  }

  protected changeMark<Kind extends 'notes' | 'frames'>(kind: Kind, id: string, change: Partial<Drawing[Kind][number]> | undefined): void {
    this.session.edit('designer.edit.mark', (document) => withMark(document, kind, id, change));
  }

  protected resized(kind: 'notes' | 'frames', id: string, { x, y, width, height }: Box): void {
    const box = { x, y, width: Math.max(160, width), height: Math.max(80, height) };
    this.changeMark(kind, id, Object.fromEntries(Object.entries(box).map(([key, value]) => [key, Math.round(value)])));
  }

  /** A node that nothing leads to yet goes into the arrow it is dropped on. */
  private insertMoved(id: string, { x, y }: { readonly x: number; readonly y: number }): void {
    const place = this.session.places().get(id);
    const ways = this.scene.allWays().filter(({ way }) => way.flow === place?.flow.key && way.from !== id && way.to !== id);
    const way = wayUnder({ x: x + CARD.width / 2, y: y + CARD.height / 2 }, ways, this.scene.rectangles());
    if (way === undefined || place === undefined) return;
    this.session.edit('designer.edit.insert', (document) =>
      way.from === null ? connect(document, { ...way, to: id }) : this.through(document, way.from, way.port, way.to, id, way.flow),
    );
  }

  private through(
    document: Parameters<typeof connect>[0],
    from: string,
    port: Port,
    to: string | null,
    id: string,
    flow: FlowKey,
  ): ReturnType<typeof connect> {
    const first = connect(document, { flow, from, port, to: id });
    const node = this.session.places().get(id)?.node;
    if (isRefusal(first) || node?.type === 'end') return first;
    return connect(first, { flow, from: id, port: node?.type === 'switch' ? 'default' : port === 'needs' ? 'needs' : 'next', to });
  }

  protected dropped({ data, targetContainerId, externalItemRect }: FCreateNodeEvent<Draggable>): void {
    const { x, y, width, height } = externalItemRect;
    const center = { x: x + width / 2, y: y + height / 2 };
    this.add(data, center, targetContainerId);
  }

  /** Adds a node: into the arrow at a point, into a container, or at the end of the flow. */
  add(wanted: Draggable, center: { readonly x: number; readonly y: number }, container?: string): void {
    const node = newNode(wanted, new Set(this.session.places().keys()));
    const key = this.flowOf(container) ?? flowUnder(this.scene.drawn(), center);
    const way = wayUnder(center, this.scene.allWays(), this.scene.rectangles());
    const corner = { x: center.x - CARD.width / 2, y: center.y - CARD.height / 2 };
    const place = this.snaps() ? snapped(corner) : corner;
    const done = this.session.edit('designer.edit.add', (document) => {
      const edited =
        way !== undefined && (key === undefined || way.flow === key)
          ? insertInto(document, node, way)
          : append(document, node, key ?? MAIN_FLOW);
      return isRefusal(edited) ? edited : placedAt(edited, { [node.id]: place });
    });
    if (done) this.session.choose([node.id]);
  }

  /** The flow that a dropped node joins in a container or lane. */
  private flowOf(target: string | undefined): FlowKey | undefined {
    if (target === undefined) return undefined;
    if (target.startsWith('lane:')) return target.slice('lane:'.length);
    const node = this.session.places().get(target)?.node;
    if (node === undefined || !isContainer(node)) return this.session.places().get(target)?.flow.key;
    const section = sectionsOf(node).find(([name]) => name !== 'setup' && name !== 'teardown')?.[0];
    return section === undefined ? undefined : flowKey(node.id, section);
  }

  protected droppedInto({ targetGroupId, nodeIds }: FDropToGroupEvent): void {
    const key = this.flowOf(targetGroupId);
    const ids = nodeIds.filter((id) => this.session.places().has(id) && this.session.places().get(id)?.flow.key !== key);
    if (key !== undefined && ids.length > 0) this.session.edit('designer.edit.moveInto', (document) => moveTo(document, ids, key));
  }

  /** Takes the chosen arrow away. */
  removeChosenWay(): boolean {
    const way = this.scene.ways().find(({ key }) => key === this.session.chosenWay())?.way;
    if (way === undefined) return false;
    if (!isOptional(way.port) && way.port !== 'next') this.session.edit('', () => refuse('no-such-way'));
    else this.session.edit('designer.edit.disconnect', (document) => disconnect(document, way));
    this.session.chosenWay.set(undefined);
    return true;
  }

  /** Shows the whole flow. */
  fit(): void {
    const bounds = this.scene.bounds();
    if (bounds !== undefined) this.viewpoint.fit(bounds);
  }

  zoom(by: number): void {
    this.viewpoint.zoom(by);
  }

  /** Brings a node into the middle, chosen. */
  show(id: string): void {
    const box = this.scene.rectangles().get(id);
    if (box === undefined) return;
    this.viewpoint.center({ x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, CARD.height) }, true);
    this.session.choose([id]);
    afterNextRender(() => this.flow().select([id], [], false), { injector: this.injector });
  }

  /** Takes a node of the light layer: from near it is shown whole, and keeps the focus that the light one had. */
  protected pick({ id, joins }: Picked): void {
    const chosen = this.selected();
    if (joins) return this.session.choose(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id]);
    this.session.choose([id]);
    if (this.scene.isAllLight()) return;
    this.show(id);
    afterNextRender(() => this.host.nativeElement.querySelector<HTMLElement>(`.node[data-node="${CSS.escape(id)}"]`)?.focus(), {
      injector: this.injector,
    });
  }

  /** Takes the focus to the chosen node, or to the canvas where there are none or several: the keys go on working. */
  takeFocus(): void {
    const [id, ...others] = this.session.selection();
    const node = id === undefined || others.length > 0 ? null : this.host.nativeElement.querySelector(`[data-node="${CSS.escape(id)}"]`);
    ((node ?? this.host.nativeElement) as HTMLElement).focus();
  }

  chooseAll(): void {
    this.flow().selectAll();
    this.session.choose([...this.session.places().keys()]);
  }

  /** Where the middle of what is seen lies on the canvas. */
  middle(): { readonly x: number; readonly y: number } {
    const { x, y, width, height } = this.viewpoint.view();
    return { x: x + width / 2, y: y + height / 2 };
  }
}

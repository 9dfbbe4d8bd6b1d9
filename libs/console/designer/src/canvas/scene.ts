import { computed, inject, Injectable } from '@angular/core';
import { translateObjectSignal } from '@jsverse/transloco';
import { drawingOf } from '../model/drawing.js';
import { flowsIn } from '../model/flows.js';
import { around, geometryOf, OPEN_UP_TO, type Box } from '../model/geometry.js';
import { caseOf, portsOf, type Port } from '../model/ways.js';
import type { NodeDocument } from '@orderlines/process-engine';
import { DesignerSession } from '../session/designer-session.js';
import { drawnWays, endsOf, kindOfPort, outOf, type DrawnWay } from './drawn-ways.js';
import type { LightBox } from './light-layer.js';
import { lightWays } from './light-ways.js';
import { kindOf } from './node-looks.js';
import { drawnWhole, areaOf } from './sight.js';
import { Viewpoint } from './viewpoint.js';

/** A port as it stands at the edge of a card. */
export interface ShownPort {
  readonly port: Port;
  readonly connector: string;
  /** Percent of the width of the card. */
  readonly at: number;
  readonly kind: DrawnWay['kind'];
  /** Key of what it is called. */
  readonly word: string;
}

function shownPorts(node: NodeDocument, isGraph: boolean): readonly ShownPort[] {
  const ports = portsOf(node, isGraph);
  return ports.map((port, index) => ({
    port,
    connector: outOf(node.id, port),
    at: Math.round(((index + 1) / (ports.length + 1)) * 100),
    kind: kindOfPort(port),
    word: caseOf(port) === undefined ? port : 'case',
  }));
}

/** So much of a name as a card holds. Cut here: hundreds of elements that clip what they hold are what makes panning slow. */
const short = (name: string): string => (name.length > 22 ? `${name.slice(0, 21)}…` : name);

/** What is drawn of the process: everything with its place, and of that what is drawn whole and what is drawn light. */
@Injectable()
export class Scene {
  private readonly session = inject(DesignerSession);
  private readonly viewpoint = inject(Viewpoint);
  private readonly sectionWords = translateObjectSignal('designer.section');

  private readonly closedByDefault = computed(() => this.session.places().size > OPEN_UP_TO);
  readonly drawn = computed(() => geometryOf(this.session.document(), this.closedByDefault()));
  readonly marks = computed(() => drawingOf(this.session.document()));
  readonly ends = computed(() => endsOf(this.session.document(), this.drawn().nodes));
  readonly allWays = computed(() => drawnWays(this.session.document(), this.drawn().nodes));
  /** Where each node stands, and the start and the end. */
  readonly rectangles = computed(
    () =>
      new Map<string, Box>([
        ...this.drawn().nodes.map(({ id, box }) => [id, box] as const),
        ['start', this.ends().start],
        ['end', this.ends().end],
      ]),
  );
  private readonly graphs = computed(() => new Set(flowsIn(this.session.document()).flatMap(({ key, isGraph }) => (isGraph ? [key] : []))));
  readonly ports = computed(() => new Map(this.drawn().nodes.map(({ id, node, flow }) => [id, shownPorts(node, this.graphs().has(flow))])));

  private readonly whole = computed(() => drawnWhole(this.drawn(), this.allWays(), this.viewpoint.ready()));
  private readonly wholeNodes = computed(() => this.drawn().nodes.filter(({ id }) => this.whole().has(id)));
  readonly boxes = computed(() => this.wholeNodes().filter(({ open }) => open));
  readonly cards = computed(() => this.wholeNodes().filter(({ open }) => !open));
  readonly lanes = computed(() => this.drawn().lanes.filter(({ id }) => this.whole().has(id)));
  readonly ways = computed(() => this.allWays().filter((drawn) => this.isWhole(drawn)));
  /** True when nobody can work on a node from where they look. */
  readonly isAllLight = computed(() => this.whole().size === 0);

  readonly lightBoxes = computed<readonly LightBox[]>(() => {
    const { nodes, lanes } = this.drawn();
    const light = [
      ...lanes.map(({ id, branch, section, box }): LightBox => {
        const name = branch ?? this.sectionWords()[section] ?? section;
        return { id, name: short(name), label: undefined, kind: 'strip', box };
      }),
      ...nodes.map(({ id, node, open, box }): LightBox => {
        const name = node.name ?? id;
        return { id, name: short(name), label: `${name}, ${kindOf(node)}`, kind: open ? 'area' : 'card', box };
      }),
    ].filter(({ id }) => !this.whole().has(id));
    // What holds others lies under them.
    return light.toSorted((one, other) => areaOf(other.box) - areaOf(one.box));
  });

  readonly lightWays = computed(() => {
    const leavingAt = new Map([...this.ports().values()].flatMap((ports) => ports.map(({ connector, at }) => [connector, at] as const)));
    return lightWays(
      this.allWays().filter((drawn) => !this.isWhole(drawn)),
      ({ way, source }) => ({
        source: this.rectangles().get(way.from ?? 'start'),
        at: leavingAt.get(source) ?? 50,
        target: this.rectangles().get(way.to ?? 'end'),
      }),
    );
  });

  /** The rectangle around all that is drawn. */
  readonly bounds = computed(() => {
    const { notes, frames } = this.marks();
    return around([...this.rectangles().values(), ...this.drawn().lanes.map(({ box }) => box), ...notes, ...frames]);
  });

  private isWhole({ way: { from, to } }: DrawnWay): boolean {
    return (from === null || this.whole().has(from)) && (to === null || this.whole().has(to));
  }
}

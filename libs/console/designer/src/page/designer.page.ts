import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked, viewChild } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Session } from '@orderlines/console/api';
import { Dialogs, PageTitle, Toasts } from '@orderlines/console/ui';
import { DEFAULT_NAMESPACE, type ProcessDocument } from '@orderlines/process-engine';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { Canvas } from '../canvas/canvas.js';
import { Layouter } from '../layout/layouter.js';
import { copy, paste, type Clipping } from '../model/clipboard.js';
import { closedAs, drawingOf, placedAt, withDrawing } from '../model/drawing.js';
import { changeNode, isContainer, MAIN_FLOW, placeOf } from '../model/flows.js';
import { OPEN_UP_TO } from '../model/geometry.js';
import { moveOut } from '../model/move.js';
import type { Draggable } from '../model/new-node.js';
import { nodeAtPath } from '../model/problems.js';
import { remove } from '../model/remove.js';
import { NodePanel } from '../panels/node-panel.js';
import { OrderedList } from '../panels/ordered-list.js';
import { Palette } from '../panels/palette.js';
import { ProcessPanel } from '../panels/process-panel.js';
import { VariablesPanel } from '../panels/variables-panel.js';
import { RunPanel } from '../run/run-panel.js';
import { RunSession } from '../run/run-session.js';
import { StartDialog, type StartAnswer, type StartQuestion } from '../run/start-dialog.js';
import { DesignerSession } from '../session/designer-session.js';
import { Drafts } from '../session/drafts.js';
import { TaskTypes } from '../session/task-types.js';
import { Validator } from '../session/validator.js';
import { VersionDiff, type DiffQuestion } from '../yaml/version-diff.js';
import { YamlView } from '../yaml/yaml-view.js';
import { NewProcessDialog, type NewProcess } from './new-process-dialog.js';

/** The flow editor. */
@Component({
  selector: 'ol-designer',
  imports: [Canvas, NodePanel, NzIconDirective, OrderedList, Palette, ProcessPanel, RunPanel, TranslocoPipe, VariablesPanel, YamlView],
  providers: [DesignerSession, Drafts, Layouter, RunSession, TaskTypes, Validator],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(keydown)': 'pressed($event)', '(window:beforeunload)': 'leaving($event)' },
  templateUrl: './designer.page.html',
  styleUrl: './designer.page.scss',
})
export class DesignerPage {
  protected readonly session = inject(DesignerSession);
  protected readonly runs = inject(RunSession);
  protected readonly rights = inject(Session);
  private readonly drafts = inject(Drafts);
  private readonly layouter = inject(Layouter);
  private readonly taskTypes = inject(TaskTypes);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  private readonly title = inject(PageTitle);
  private readonly router = inject(Router);
  private readonly canvas = viewChild(Canvas);

  /** Id of the process, from the address; absent for a new one. */
  readonly id = input<string>();

  protected readonly beside = signal<'yaml' | 'list' | undefined>(undefined);
  protected readonly panels = ['node', 'variables', 'process'] as const;
  protected readonly panel = signal<(typeof this.panels)[number]>('process');
  protected readonly showsProblems = signal(false);
  protected readonly wanted = signal('');
  private clipping: Clipping | undefined;

  protected readonly namespace = computed(() => this.session.document().namespace ?? DEFAULT_NAMESPACE);
  protected readonly versions = computed(() =>
    Array.from({ length: this.session.latestVersion() ?? 0 }, (_, index) => (this.session.latestVersion() ?? 0) - index),
  );
  /** What runs is not edited meanwhile. */
  protected readonly editable = computed(() => !this.runs.isGoing());
  protected readonly found = computed(() => {
    const word = this.wanted().trim().toLowerCase();
    if (word === '') return [];
    const nodes = [...this.session.places().values()].map(({ node }) => node);
    return nodes.filter(({ id, name = '' }) => id.toLowerCase().includes(word) || name.toLowerCase().includes(word)).slice(0, 12);
  });
  protected readonly chosenContainer = computed(() => {
    const node = this.session.chosen();
    return node !== undefined && isContainer(node) ? node : undefined;
  });
  protected readonly isInside = computed(() => {
    const [first] = this.session.selection();
    return first !== undefined && (this.session.places().get(first)?.flow.owner ?? '') !== '';
  });

  constructor() {
    effect(() => {
      const id = this.id();
      untracked(() => void this.open(id).catch((error: unknown) => this.toasts.problem(error)));
    });
    effect(() => {
      const { name } = this.session.document();
      untracked(() => this.title.set(name));
    });
    effect(() => {
      if (this.session.chosen() !== undefined) this.panel.set('node');
      else if (untracked(this.panel) === 'node') this.panel.set('process');
    });
  }

  private async open(id: string | undefined): Promise<void> {
    if (id !== undefined && id === this.session.processId()) return;
    const known = this.taskTypes.load();
    await Promise.all([known, id === undefined ? this.begin() : this.session.open(id)]);
    if (id === undefined) return;
    await this.layOutWhatHasNoPlace();
    setTimeout(() => this.canvas()?.fit());
  }

  private async begin(): Promise<void> {
    const answer = await this.dialogs.open<NewProcess>(NewProcessDialog);
    if (answer === undefined) return void this.router.navigateByUrl('/processes');
    this.session.create(answer.name, answer.namespace, answer.description);
  }

  /** A definition that was never drawn is laid out; the order of edits begins after that. */
  private async layOutWhatHasNoPlace(): Promise<void> {
    const { nodes } = drawingOf(this.session.document());
    const ids = [...this.session.places().keys()];
    if (ids.filter((id) => !(id in nodes)).length * 2 <= ids.length) return;
    this.session.drawnAs(await this.placed());
    setTimeout(() => this.canvas()?.fit());
  }

  protected async layOut(): Promise<void> {
    const document = this.session.document();
    const placed = await this.placed();
    this.session.edit('designer.edit.layout', (current) => (current === document ? placed : current));
    setTimeout(() => this.canvas()?.fit());
  }

  private placed(): Promise<ProcessDocument> {
    const document = this.session.document();
    const { nodes } = drawingOf(document);
    const closed = this.session.places().size > OPEN_UP_TO;
    return this.layouter.layOut(document, (id) => !(nodes[id]?.closed ?? closed));
  }

  protected async save(): Promise<void> {
    const id = await this.session.save();
    if (id !== undefined && this.id() !== id) await this.router.navigate(['/processes', id, 'designer'], { replaceUrl: true });
  }

  protected async publish(): Promise<number | undefined> {
    if (this.session.errors() > 0) {
      this.showsProblems.set(true);
      this.toasts.problem(new Error(this.transloco.translate('designer.notPublished', { count: this.session.errors() })));
      return undefined;
    }
    const version = await this.session.publish();
    const id = this.session.processId();
    if (version !== undefined && this.id() !== id) await this.router.navigate(['/processes', id, 'designer'], { replaceUrl: true });
    return version;
  }

  /** Runs what stands in the editor: what was changed is published first. */
  protected async start(mode: 'run' | 'debug'): Promise<void> {
    const isNew = this.session.isDirty() || this.session.hasDraft() || this.session.latestVersion() === null;
    if (isNew && (await this.publish()) === undefined) return;
    const hasBreakpoints = [...this.session.places().values()].some(
      ({ node }) => node.breakpoint !== undefined && node.breakpoint !== false,
    );
    const question: StartQuestion = { params: this.session.document().params ?? [], mode, hasBreakpoints };
    const answer = await this.dialogs.open<StartAnswer, StartQuestion>(StartDialog, question);
    if (answer === undefined) return;
    this.session.choose([]);
    await this.runs.start(`${this.session.processId()}@${this.session.latestVersion()}`, answer.params, mode, answer.stops);
    // The log takes its room from the canvas, which has to show the whole flow all the same.
    setTimeout(() => this.canvas()?.fit());
  }

  protected async compare(): Promise<void> {
    const latestVersion = this.session.latestVersion() ?? 0;
    const read = (version: number): Promise<string> => this.drafts.version(this.session.processId(), version);
    await this.dialogs.open<void, DiffQuestion>(VersionDiff, { text: this.session.text(), latestVersion, read });
  }

  /** Brings a version back into the editor; it becomes the draft when it is saved. */
  protected async openVersion(number: string): Promise<void> {
    if (number === '') return;
    try {
      this.session.take(await this.drafts.version(this.session.processId(), Number(number)));
      await this.layOutWhatHasNoPlace();
    } catch (error) {
      this.toasts.problem(error);
    }
  }

  protected rename(name: string): void {
    if (name !== '') this.session.edit('designer.edit.process', (document) => ({ ...document, name }), true);
  }

  protected setNamespace(namespace: string): void {
    this.session.edit('designer.edit.process', (document) => ({ ...document, namespace: namespace || DEFAULT_NAMESPACE }), true);
  }

  protected add(wanted: Draggable): void {
    const canvas = this.canvas();
    canvas?.add(wanted, canvas.middle());
  }

  protected toggleBreakpoint(id: string): void {
    const isSet = (placeOf(this.session.document(), id)?.node.breakpoint ?? false) !== false;
    if (this.runs.isGoing()) {
      void this.runs.debug({ action: 'breakpoints', set: isSet ? [] : [id], clear: isSet ? [id] : [] });
      return;
    }
    this.session.edit('designer.edit.breakpoint', (document) =>
      changeNode(document, id, (node) => {
        const { breakpoint: _before, ...others } = node;
        return (isSet ? others : { ...node, breakpoint: true }) as typeof node;
      }),
    );
  }

  protected addNote(): void {
    this.mark((id, at) => ({
      notes: [
        ...drawingOf(this.session.document()).notes,
        { id, ...at, width: 220, height: 90, text: this.transloco.translate('designer.noteText') },
      ],
    }));
  }

  protected addFrame(): void {
    this.mark((id, at) => ({
      frames: [
        ...drawingOf(this.session.document()).frames,
        { id, ...at, width: 480, height: 320, title: this.transloco.translate('designer.frameTitle') },
      ],
    }));
  }

  private mark(make: (id: string, at: { readonly x: number; readonly y: number }) => Parameters<typeof withDrawing>[1]): void {
    const at = this.canvas()?.middle() ?? { x: 0, y: 0 };
    const drawing = make(crypto.randomUUID().slice(0, 8), { x: Math.round(at.x), y: Math.round(at.y) });
    this.session.edit('designer.edit.mark', (document) => withDrawing(document, drawing));
  }

  protected removeChosen(): void {
    const ids = this.session.selection();
    if (ids.length === 0) return void this.canvas()?.removeChosenWay();
    this.session.edit('designer.edit.delete', (document) => remove(document, new Set(ids)));
    this.session.choose([]);
  }

  protected copyChosen(): void {
    if (this.session.selection().length > 0) this.clipping = copy(this.session.document(), this.session.selection());
  }

  protected pasteCopied(): void {
    const clipping = this.clipping;
    if (clipping === undefined) return;
    const container = this.session.chosen();
    const flow = (container && placeOf(this.session.document(), container.id)?.flow.key) ?? MAIN_FLOW;
    const pasted = paste(this.session.document(), clipping, flow);
    if (this.session.edit('designer.edit.paste', () => pasted.document)) this.session.choose(pasted.ids);
  }

  protected moveChosenOut(): void {
    this.session.edit('designer.edit.moveOut', (document) => moveOut(document, this.session.selection()));
  }

  protected toggleClosed(): void {
    const node = this.chosenContainer();
    if (node === undefined) return;
    const place = drawingOf(this.session.document()).nodes[node.id] ?? { x: 80, y: 120 };
    this.session.edit('designer.edit.fold', (document) => closedAs(document, node.id, !(place.closed ?? false), place));
  }

  /** Puts the chosen nodes under each other. */
  protected align(): void {
    const { nodes } = drawingOf(this.session.document());
    const places = this.session.selection().flatMap((id) => (nodes[id] ? [[id, nodes[id]] as const] : []));
    const x = Math.min(...places.map(([, place]) => place.x));
    this.session.edit('designer.edit.align', (document) =>
      placedAt(document, Object.fromEntries(places.map(([id, { y }]) => [id, { x, y }]))),
    );
  }

  protected fit(): void {
    this.canvas()?.fit();
  }

  protected zoom(by: number): void {
    this.canvas()?.zoom(by);
  }

  protected show(id: string): void {
    this.wanted.set('');
    if (this.session.places().has(id)) this.canvas()?.show(id);
    else this.session.choose([]);
  }

  protected showFirst(): void {
    const [first] = this.found();
    if (first !== undefined) this.show(first.id);
  }

  protected showProblem(path: string): void {
    const id = nodeAtPath(this.session.document(), path);
    if (id === '') this.panel.set('process');
    else this.show(id);
  }

  private nudge(dx: number, dy: number): void {
    const { nodes } = drawingOf(this.session.document());
    const moved = this.session
      .selection()
      .flatMap((id) => (nodes[id] ? [[id, { x: nodes[id].x + dx, y: nodes[id].y + dy }] as const] : []));
    if (moved.length > 0) this.session.edit('designer.edit.move', (document) => placedAt(document, Object.fromEntries(moved)), true);
  }

  protected pressed(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, .monaco-editor') !== null;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === 's') void this.save();
    else if (isTyping || !this.editable()) return;
    else if (!this.pressedOnCanvas(event.key, command, event.shiftKey)) return;
    event.preventDefault();
  }

  private pressedOnCanvas(key: string, command: boolean, shift: boolean): boolean {
    const step = shift ? 40 : 8;
    const deeds: Readonly<Record<string, () => void>> = command
      ? {
          z: () => (shift ? this.session.redo() : this.session.undo()),
          y: () => this.session.redo(),
          a: () => this.canvas()?.chooseAll(),
          c: () => this.copyChosen(),
          x: () => (this.copyChosen(), this.removeChosen()),
          v: () => this.pasteCopied(),
        }
      : {
          delete: () => this.removeChosen(),
          backspace: () => this.removeChosen(),
          escape: () => this.session.choose([]),
          arrowleft: () => this.nudge(-step, 0),
          arrowright: () => this.nudge(step, 0),
          arrowup: () => this.nudge(0, -step),
          arrowdown: () => this.nudge(0, step),
        };
    const deed = deeds[key.toLowerCase()];
    deed?.();
    return deed !== undefined;
  }

  protected leaving(event: BeforeUnloadEvent): void {
    // Work is kept for this tab; only closing it would lose it.
    if (this.session.isDirty() && this.session.processId() === '') event.preventDefault();
  }
}

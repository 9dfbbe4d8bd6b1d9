import { CdkContextMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked, viewChild } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '@orderlines/console/api';
import { Dialogs, PageTitle, Toasts } from '@orderlines/console/ui';
import { DEFAULT_NAMESPACE, type ProcessDocument } from '@orderlines/process-engine';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { Canvas } from '../canvas/canvas.js';
import { Layouter } from '../layout/layouter.js';
import { drawingOf } from '../model/drawing.js';
import { GRID, OPEN_UP_TO } from '../model/geometry.js';
import type { Draggable } from '../model/new-node.js';
import { nodeAtPath } from '../model/problems.js';
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
import { SecretNames } from '../session/secret-names.js';
import { TaskTypes } from '../session/task-types.js';
import { Validator } from '../session/validator.js';
import { YamlView } from '../yaml/yaml-view.js';
import { ChosenNodes } from './chosen-nodes.js';
import { Comparison } from './comparison.js';
import { Marks } from './marks.js';
import { MenuEntries } from './menu-entries.js';
import { NewProcessDialog, type NewProcess } from './new-process-dialog.js';
import { NodeMenu, type MenuEntry } from './node-menu.js';

const SNAPS = 'orderlines.designer.snaps';
/** What stands in the address of a process that was never saved. */
const NEW = 'new';

/** The flow editor. */
@Component({
  selector: 'ol-designer',
  imports: [
    Canvas,
    CdkContextMenuTrigger,
    NodeMenu,
    NodePanel,
    NzIconDirective,
    OrderedList,
    Palette,
    ProcessPanel,
    RunPanel,
    TranslocoPipe,
    VariablesPanel,
    YamlView,
  ],
  providers: [
    ChosenNodes,
    Comparison,
    DesignerSession,
    Drafts,
    Layouter,
    Marks,
    MenuEntries,
    RunSession,
    SecretNames,
    TaskTypes,
    Validator,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(keydown)': 'pressed($event)', '(window:beforeunload)': 'leaving($event)' },
  templateUrl: './designer.page.html',
  styleUrl: './designer.page.scss',
})
export class DesignerPage {
  protected readonly session = inject(DesignerSession);
  protected readonly chosen = inject(ChosenNodes);
  protected readonly runs = inject(RunSession);
  protected readonly comparison = inject(Comparison);
  protected readonly entries = inject(MenuEntries);
  private readonly marks = inject(Marks);
  protected readonly rights = inject(Session);
  private readonly drafts = inject(Drafts);
  private readonly layouter = inject(Layouter);
  private readonly taskTypes = inject(TaskTypes);
  private readonly secrets = inject(SecretNames);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly title = inject(PageTitle);
  private readonly router = inject(Router);
  private readonly canvas = viewChild(Canvas);

  /** Id of the process, from the address; `new` for one that is not there yet. */
  readonly id = input.required<string>();

  protected readonly beside = signal<'yaml' | 'list' | undefined>(undefined);
  protected readonly panels = ['node', 'variables', 'process'] as const;
  protected readonly panel = signal<(typeof this.panels)[number]>('process');
  protected readonly showsProblems = signal(false);
  protected readonly wanted = signal('');
  /** What is moved stays on the points of a grid. */
  protected readonly snaps = signal(localStorage.getItem(SNAPS) === 'true');
  protected readonly menu = signal<readonly MenuEntry[]>([]);

  protected readonly namespace = computed(() => this.session.document().namespace ?? DEFAULT_NAMESPACE);
  protected readonly versions = this.session.versions;
  /** What runs is not edited meanwhile. */
  protected readonly editable = computed(() => !this.runs.isGoing());
  protected readonly found = computed(() => {
    const word = this.wanted().trim().toLowerCase();
    if (word === '') return [];
    const nodes = [...this.session.places().values()].map(({ node }) => node);
    return nodes.filter(({ id, name = '' }) => id.toLowerCase().includes(word) || name.toLowerCase().includes(word)).slice(0, 12);
  });

  constructor() {
    effect(() => {
      const id = this.id();
      untracked(() => void this.open(id).catch((error: unknown) => this.toasts.problem(error)));
    });
    void this.secrets.load().catch((error: unknown) => this.toasts.problem(error));
    effect(() => {
      const { name } = this.session.document();
      untracked(() => this.title.set(name));
    });
    effect(() => {
      if (this.session.chosen() !== undefined) this.panel.set('node');
      else if (untracked(this.panel) === 'node') this.panel.set('process');
    });
  }

  private async open(id: string): Promise<void> {
    // The first save gives it its address: what is edited, and its history, stay.
    if (id === this.session.processId()) return;
    this.session.choose([]);
    this.comparison.close();
    this.runs.close();
    await Promise.all([this.taskTypes.load(), id === NEW ? this.begin() : this.session.open(id)]);
    if (id === NEW) return;
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
      this.toasts.refused('designer.notPublished', { count: this.session.errors() });
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

  protected addNote(): void {
    this.marks.addNote(this.middle());
  }

  protected addFrame(): void {
    this.marks.addFrame(this.middle());
  }

  private middle(): { readonly x: number; readonly y: number } {
    return this.canvas()?.middle() ?? { x: 0, y: 0 };
  }

  protected removeChosen(): void {
    if (this.session.selection().length > 0) this.chosen.remove();
    else this.canvas()?.removeChosenWay();
  }

  protected toggleSnaps(): void {
    this.snaps.update((snaps) => !snaps);
    localStorage.setItem(SNAPS, String(this.snaps()));
  }

  /** Says what the menu offers at a place: for the node there, which is chosen by that, or for the canvas. */
  protected offer({ target }: Event): void {
    const id = target instanceof Element ? target.closest('[data-node]')?.getAttribute('data-node') : undefined;
    if (id && !this.session.selection().includes(id)) this.session.choose([id]);
    const deeds = { chooseAll: () => this.canvas()?.chooseAll(), layOut: () => void this.layOut(), fit: () => this.fit() };
    this.menu.set(id ? this.entries.ofNode(id) : this.entries.ofCanvas(deeds));
  }

  /** After the menu, and after what was chosen in it was drawn. */
  protected returnFocus(): void {
    setTimeout(() => this.canvas()?.takeFocus());
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

  protected pressed(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, .monaco-editor') !== null;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === 's') void this.save();
    else if (isTyping || !this.editable()) return;
    else if (!this.pressedOnCanvas(event.key, command, event.shiftKey)) return;
    event.preventDefault();
  }

  private pressedOnCanvas(key: string, command: boolean, shift: boolean): boolean {
    const step = shift ? 5 * GRID : this.snaps() ? GRID : 8;
    const deeds: Readonly<Record<string, () => void>> = command
      ? {
          z: () => (shift ? this.session.redo() : this.session.undo()),
          y: () => this.session.redo(),
          a: () => this.canvas()?.chooseAll(),
          c: () => this.chosen.copy(),
          x: () => (this.chosen.copy(), this.removeChosen()),
          v: () => this.chosen.paste(),
          d: () => this.chosen.duplicate(),
        }
      : {
          delete: () => this.removeChosen(),
          backspace: () => this.removeChosen(),
          escape: () => this.session.choose([]),
          arrowleft: () => this.chosen.nudge(-step, 0),
          arrowright: () => this.chosen.nudge(step, 0),
          arrowup: () => this.chosen.nudge(0, -step),
          arrowdown: () => this.chosen.nudge(0, step),
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

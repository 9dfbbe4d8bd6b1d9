import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { readDefinition, type ProcessDocument } from '@orderlines/process-engine';
import { Dialogs, Toasts } from '@orderlines/console/ui';
import { MergeDialog, type MergeQuestion } from '../page/merge-dialog.js';
import { withoutPlaces } from '../model/drawing.js';
import { placesIn } from '../model/flows.js';
import { beginning, did, redo, undo, type History } from '../model/history.js';
import { isSame } from '../model/merge.js';
import { problemsByNode } from '../model/problems.js';
import { isRefusal, type Edited, type RefusalCode } from '../model/refusal.js';
import { yamlText } from '../model/yaml-text.js';
import { Drafts, type StoredText } from './drafts.js';
import { TaskTypes } from './task-types.js';
import { UnsavedWork } from './unsaved-work.js';
import { Validator } from './validator.js';

const CHECK_AFTER_MS = 200;
const EMPTY: ProcessDocument = { apiVersion: 'orderlines/v1', kind: 'Process', name: 'new-process', flow: [] };

/** What is edited on one page: the document with its history, what the server has of it, and what is chosen. */
@Injectable()
export class DesignerSession {
  private readonly drafts = inject(Drafts);
  private readonly unsaved = inject(UnsavedWork);
  private readonly validator = inject(Validator);
  private readonly taskTypes = inject(TaskTypes);
  private readonly toasts = inject(Toasts);
  private readonly dialogs = inject(Dialogs);

  private readonly history = signal<History<ProcessDocument>>(beginning(EMPTY));
  /** The text that comments are kept from, and the document as it stands there. */
  private readonly written = signal<{ readonly text: string; readonly document?: ProcessDocument }>({ text: '' });
  private readonly base = signal<ProcessDocument>(EMPTY);
  private readonly stored = signal<StoredText>({ content: '', etag: null });

  /** Id of the process; empty for one that was never saved. */
  readonly processId = signal('');
  readonly latestVersion = signal<number | null>(null);
  /** Numbers of the versions that are there, the newest first: old ones may have been deleted. */
  readonly versions = signal<readonly number[]>([]);
  /** A text that no canvas can show; edited as YAML until it can. */
  readonly unreadable = signal<string | undefined>(undefined);
  readonly isBusy = signal(false);
  /** Ids of the chosen nodes. */
  readonly selection = signal<readonly string[]>([]);
  /** Key of the chosen arrow, see `wayKey`. */
  readonly chosenWay = signal<string | undefined>(undefined);

  readonly document = computed(() => this.history().present);
  readonly places = computed(() => placesIn(this.document()));
  readonly isDirty = computed(() => {
    const unreadable = this.unreadable();
    return unreadable === undefined ? !isSame(this.document(), this.base()) : unreadable !== this.stored().content;
  });
  readonly canUndo = computed(() => this.history().done.at(-1)?.label);
  readonly canRedo = computed(() => this.history().undone.at(-1)?.label);
  readonly text = computed(() => {
    const { text, document } = this.written();
    return this.unreadable() ?? (this.document() === document ? text : yamlText(this.document(), text));
  });
  readonly problems = this.validator.problems;
  readonly problemsOf = computed(() => problemsByNode(this.document(), this.problems()));
  readonly errors = computed(() => this.problems().filter(({ severity }) => severity === 'error').length);
  readonly hasDraft = computed(() => this.stored().etag !== null);
  /** The node that is looked at: the only one that is chosen. */
  readonly chosen = computed(() => (this.selection().length === 1 ? this.places().get(this.selection()[0] ?? '')?.node : undefined));

  constructor() {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    effect(() => {
      const taskTypes = this.taskTypes.catalogue();
      // What the text is made of; writing it takes its time and is left until a person pauses.
      this.document();
      this.unreadable();
      clearTimeout(waiting);
      waiting = setTimeout(() => this.validator.check(this.text(), taskTypes), CHECK_AFTER_MS);
    });
    effect(() => {
      const process = this.processId() || 'new';
      if (this.isDirty()) this.unsaved.keep(process, { text: this.text(), base: this.stored().content, etag: this.stored().etag });
      else if (untracked(this.document) !== EMPTY) this.unsaved.forget(process);
    });
  }

  /** Opens a process, with the work on it that was not saved before a reload. */
  async open(id: string): Promise<void> {
    const opened = await this.drafts.open(id);
    this.processId.set(id);
    this.latestVersion.set(opened.latestVersion);
    this.versions.set(opened.versions);
    const kept = this.unsaved.read(id);
    if (kept === undefined) return this.begin(opened);
    this.begin({ ...opened, content: kept.base, etag: kept.etag });
    this.take(kept.text);
    this.toasts.done('designer.restored');
  }

  /** Begins a process that the server does not know. */
  create(name: string, namespace: string, description: string): void {
    const document = { ...EMPTY, name, ...(namespace !== 'default' && { namespace }), ...(description !== '' && { description }) };
    this.processId.set('');
    this.latestVersion.set(null);
    this.versions.set([]);
    this.begin({ content: '', etag: null });
    this.history.set(beginning<ProcessDocument>(document));
  }

  private begin(stored: StoredText): void {
    this.stored.set(stored);
    const { document } = stored.content === '' ? { document: EMPTY } : readDefinition(stored.content);
    this.unreadable.set(document === undefined ? stored.content : undefined);
    this.written.set({ text: stored.content, ...(document && { document }) });
    this.base.set(document ?? EMPTY);
    this.history.set(beginning(document ?? EMPTY));
  }

  /** Takes over a drawing that the editor made by itself: nothing is unsaved because of it, and what was edited meanwhile stays. */
  drawnAs(placed: ProcessDocument): void {
    const { layout } = placed;
    if (layout === undefined) return;
    const before = this.document();
    const gone = [...placesIn(placed).keys()].filter((id) => !this.places().has(id));
    const drawn = withoutPlaces({ ...before, layout }, new Set(gone));
    if (!this.isDirty()) this.base.set(drawn);
    this.history.update((history) => ({ ...history, present: drawn }));
    this.written.update((written) => (written.document === before ? { ...written, document: drawn } : written));
  }

  /** Makes an edit, or says why it is not made. */
  edit(label: string, change: (document: ProcessDocument) => Edited<ProcessDocument>, merging = false): boolean {
    const edited = change(this.document());
    if (isRefusal(edited)) {
      this.refused(edited.refused);
      return false;
    }
    this.history.update((history) => did(history, label, edited, merging));
    return true;
  }

  refused(code: RefusalCode): void {
    this.toasts.refused(`designer.refused.${code}`);
  }

  undo(): void {
    this.history.update(undo);
    this.unchooseWhatIsGone();
  }

  redo(): void {
    this.history.update(redo);
    this.unchooseWhatIsGone();
  }

  choose(ids: readonly string[]): void {
    this.chosenWay.set(undefined);
    if (!isSame(ids, this.selection())) this.selection.set(ids);
  }

  private unchooseWhatIsGone(): void {
    this.selection.update((ids) => ids.filter((id) => this.places().has(id)));
  }

  /** Takes over a text from the YAML view: the canvas follows as soon as it can be read. */
  take(text: string): void {
    const { document } = readDefinition(text);
    if (document === undefined) return this.unreadable.set(text);
    this.unreadable.set(undefined);
    this.history.update((history) => (isSame(history.present, document) ? history : did(history, 'designer.edit.yaml', document, true)));
    this.written.set({ text, document: this.document() });
    this.unchooseWhatIsGone();
  }

  /** Saves the draft; where somebody else has saved one since, both are brought together first. Gives the id of the process. */
  async save(): Promise<string | undefined> {
    this.isBusy.set(true);
    try {
      return await this.tryToSave();
    } catch (error) {
      this.toasts.problem(error);
      return undefined;
    } finally {
      this.isBusy.set(false);
    }
  }

  private async tryToSave(): Promise<string | undefined> {
    const text = this.text();
    if (this.processId() === '') {
      const { id } = await this.drafts.create(text);
      if (id === null) return undefined;
      this.unsaved.forget('new');
      this.processId.set(id);
      this.savedAs(text, await this.drafts.read(id));
      return id;
    }
    const saved = await this.drafts.save(this.processId(), text, this.stored().etag);
    if (saved === undefined) return this.bringTogether();
    this.savedAs(text, saved);
    this.toasts.done('designer.saved');
    return this.processId();
  }

  private savedAs(text: string, { etag }: StoredText): void {
    this.stored.set({ content: text, etag });
    if (this.unreadable() !== undefined) return;
    this.base.set(this.document());
    this.written.set({ text, document: this.document() });
  }

  private async bringTogether(): Promise<string | undefined> {
    const theirs = await this.drafts.read(this.processId());
    const { document } = readDefinition(theirs.content);
    if (document === undefined) {
      this.toasts.refused('designer.merge.unreadable', { user: theirs.updatedBy });
      return undefined;
    }
    const question: MergeQuestion = { base: this.base(), mine: this.document(), theirs: document, user: theirs.updatedBy ?? '' };
    const merged = await this.dialogs.open<ProcessDocument, MergeQuestion>(MergeDialog, question);
    if (merged === undefined) return undefined;
    this.history.update((history) => did(history, 'designer.edit.merge', merged));
    this.stored.set(theirs);
    this.base.set(document);
    return this.tryToSave();
  }

  /** Saves and freezes the draft as the next version; undefined when that is refused. */
  async publish(): Promise<number | undefined> {
    if (this.isDirty() || !this.hasDraft()) if ((await this.save()) === undefined) return undefined;
    this.isBusy.set(true);
    try {
      const { version } = await this.drafts.publish(this.processId(), this.stored().etag);
      this.stored.update(({ content }) => ({ content, etag: null }));
      this.latestVersion.set(version);
      if (version !== null) this.versions.update((before) => [version, ...before.filter((one) => one !== version)]);
      this.toasts.done('designer.published', { version });
      return version ?? undefined;
    } catch (error) {
      this.toasts.problem(error);
      return undefined;
    } finally {
      this.isBusy.set(false);
    }
  }
}

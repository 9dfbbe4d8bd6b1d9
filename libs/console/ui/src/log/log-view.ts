import { CdkVirtualScrollViewport, ScrollingModule } from '@angular/cdk/scrolling';
import { ChangeDetectionStrategy, Component, computed, effect, input, signal, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { LogLine } from '@orderlines/contracts';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { save } from '../list/export-rows.js';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** Nearer to the end than this counts as reading at the end. */
const AT_END_PX = 40;

/** A log of any length: only the lines in sight are drawn. It can be searched, filtered, followed and saved. */
@Component({
  selector: 'ol-log',
  imports: [NzIconDirective, ScrollingModule, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './log-view.html',
  styleUrl: './log-view.scss',
})
export class LogView {
  readonly lines = input.required<readonly LogLine[]>();
  readonly isLive = input(false);
  /** Name of the file it is saved as. */
  readonly name = input('log');
  /** True: each line says which node wrote it. */
  readonly showsNode = input(false);

  protected readonly levels = LEVELS;
  protected readonly level = signal('');
  protected readonly wanted = signal('');
  protected readonly isFollowing = signal(true);
  private readonly viewport = viewChild.required(CdkVirtualScrollViewport);

  protected readonly shown = computed(() => {
    const from = LEVELS.indexOf(this.level() as (typeof LEVELS)[number]);
    const wanted = this.wanted().toLowerCase();
    if (from < 0 && wanted === '') return this.lines() as LogLine[];
    return this.lines().filter(({ level, text }) => LEVELS.indexOf(level as never) >= from && text.toLowerCase().includes(wanted));
  });

  constructor() {
    effect(() => {
      const count = this.shown().length;
      if (this.isFollowing() && count > 0) requestAnimationFrame(() => this.viewport().scrollTo({ bottom: 0 }));
    });
  }

  protected readonly byIndex = (index: number): number => index;

  protected clock(line: LogLine): string {
    return line.at.slice(11, 23);
  }

  /** Who scrolls up wants to read, who scrolls to the end wants to follow. */
  protected scrolled(): void {
    this.isFollowing.set(this.viewport().measureScrollOffset('bottom') < AT_END_PX);
  }

  protected follow(): void {
    this.isFollowing.set(true);
  }

  protected download(): void {
    const text = this.lines().map(({ at, level, nodeId, text }) => `${at} ${level.padEnd(5)} [${nodeId}] ${text}\n`);
    save(`${this.name()}.log`, new Blob(text, { type: 'text/plain;charset=utf-8' }));
  }
}

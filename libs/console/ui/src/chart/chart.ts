import { ChangeDetectionStrategy, Component, DestroyRef, effect, ElementRef, inject, input } from '@angular/core';
import type { EChartsCoreOption } from 'echarts/core';
import { Theme } from '../theme/theme.js';

/** What a chart shows; `colour` gives the colours of `styles/_tokens.scss` as they are in the theme. */
export type ChartOptions = (colour: (token: string) => string) => EChartsCoreOption;

/** A chart. ECharts is loaded with the first one; the words for those who do not see it are its label. */
@Component({
  selector: 'ol-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'img', '[attr.aria-label]': 'label()' },
  template: '',
  styles: `
    :host {
      display: block;
      width: 100%;
      height: 240px;
    }
  `,
})
export class Chart {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly theme = inject(Theme);
  readonly options = input.required<ChartOptions>();
  readonly label = input.required<string>();

  constructor() {
    let isGone = false;
    const drawn = import('./echarts.js').then(({ init }) => init(this.host));
    const observer = new ResizeObserver(() => requestAnimationFrame(() => void drawn.then((chart) => isGone || chart.resize())));
    observer.observe(this.host);
    inject(DestroyRef).onDestroy(() => {
      isGone = true;
      observer.disconnect();
      void drawn.then((chart) => chart.dispose());
    });
    effect(() => {
      this.theme.isDark();
      const options = this.options();
      void drawn.then((chart) => {
        if (isGone) return;
        const styles = getComputedStyle(document.documentElement);
        const colour = (token: string) => styles.getPropertyValue(`--${token}`).trim();
        chart.setOption(
          { textStyle: { color: colour('text-soft'), fontFamily: colour('sans') }, animation: false, ...options(colour) },
          true,
        );
      });
    });
  }
}

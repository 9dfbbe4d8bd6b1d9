import type { Overview, TrendStep } from '@orderlines/contracts';
import { lookOf, type ChartOptions } from '@orderlines/console/ui';

/** Statuses of runs in charts, those that are good first. */
const SHOWN = ['SUCCESS', 'FAILURE', 'STOP', 'RUNNING', 'PAUSED', 'PENDING'] as const;

/** Moments of a trend on its axis. */
export const stepLabel = (iso: string, step: TrendStep, language: string): string => {
  const form: Intl.DateTimeFormatOptions =
    step === 'hour'
      ? { hour: '2-digit', minute: '2-digit' }
      : step === 'month'
        ? { year: 'numeric', month: 'short' }
        : { month: 'short', day: 'numeric' };
  return new Intl.DateTimeFormat(language, form).format(new Date(iso));
};

const tooltipOf = (colour: (token: string) => string) => ({
  backgroundColor: colour('raised'),
  borderColor: colour('line'),
  textStyle: { color: colour('text') },
});

/** Runs in each step, by how they ended. */
export const trendChart =
  (overview: Overview, step: TrendStep, language: string, word: (status: string) => string): ChartOptions =>
  (colour) => ({
    grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 12, textStyle: { color: colour('text-soft') } },
    tooltip: { trigger: 'axis', ...tooltipOf(colour) },
    xAxis: {
      type: 'category',
      data: overview.trend.map(({ from }) => stepLabel(from, step, language)),
      axisLine: { lineStyle: { color: colour('line-strong') } },
      axisTick: { show: false },
      axisLabel: { color: colour('text-soft') },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitLine: { lineStyle: { color: colour('line') } },
      axisLabel: { color: colour('text-soft') },
    },
    series: SHOWN.filter((status) => overview.trend.some(({ counts }) => counts[status])).map((status) => ({
      type: 'bar',
      stack: 'runs',
      name: word(status),
      barMaxWidth: 28,
      itemStyle: { color: colour(`${lookOf(status).tone}-fill`) },
      data: overview.trend.map(({ counts }) => counts[status] ?? 0),
    })),
  });

/** Shares of a whole. */
export const ringChart =
  (parts: readonly { readonly name: string; readonly value: number; readonly token: string }[]): ChartOptions =>
  (colour) => ({
    tooltip: { trigger: 'item', ...tooltipOf(colour) },
    legend: { bottom: 0, left: 'center', icon: 'circle', textStyle: { color: colour('text-soft') } },
    series: [
      {
        type: 'pie',
        radius: ['48%', '72%'],
        center: ['50%', '44%'],
        label: { show: false },
        itemStyle: { borderColor: colour('surface'), borderWidth: 2 },
        data: parts.map(({ name, value, token }) => ({ name, value, itemStyle: { color: colour(token) } })),
      },
    ],
  });

/** Things with a number each, the largest on top. */
export const rankingChart =
  (
    items: readonly { readonly name: string; readonly value: number }[],
    token: string,
    format: (value: number) => string = String,
  ): ChartOptions =>
  (colour) => ({
    grid: { left: 4, right: 56, top: 4, bottom: 4, containLabel: true },
    tooltip: { ...tooltipOf(colour), valueFormatter: (value: unknown) => format(Number(value)) },
    xAxis: { type: 'value', show: false },
    yAxis: {
      type: 'category',
      inverse: true,
      data: items.map(({ name }) => name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: colour('text'), width: 150, overflow: 'truncate' },
    },
    series: [
      {
        type: 'bar',
        barMaxWidth: 16,
        data: items.map(({ value }) => value),
        itemStyle: { color: colour(token), borderRadius: 3 },
        label: {
          show: true,
          position: 'right',
          color: colour('text-soft'),
          formatter: ({ value }: { value: unknown }) => format(Number(value)),
        },
      },
    ],
  });

import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { TuningCurve } from '../../protocol/tuning';
import type { RocPoint } from '../metrics';

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const width = 640;
const height = 480;
/** Okabe and Ito's colours, told apart by everyone; grey for the baselines. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const baselineColours = ['#555555', '#777777', '#999999', '#bbbbbb'];
const dashes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3]] as const;

export interface RocSeries {
  name: string;
  isBaseline: boolean;
  points: readonly RocPoint[];
}

/** ROC curves of several methods on one OOD set, as an SVG document. */
export function rocPlot(title: string, series: readonly RocSeries[]): string {
  let baselines = 0;
  let others = 0;
  return drawn({
    ...frame(
      title,
      series.map(({ name }) => name),
    ),
    xAxis: axis('false-positive rate (OOD kept)', 0, 1),
    yAxis: axis('true-positive rate (ID kept)', 0, 1),
    series: series.map(({ name, isBaseline, points }) => {
      const at = isBaseline ? baselines++ : others++;
      const palette = isBaseline ? baselineColours : colours;
      return line(
        name,
        points.map(({ falsePositiveRate, truePositiveRate }) => [falsePositiveRate, truePositiveRate]),
        palette[at % palette.length],
        isBaseline ? dashes[(at + 1) % dashes.length] : 'solid',
      );
    }),
  });
}

const bins = 25;

/** How the scores of ID and of each OOD set are distributed, as shares of each set a bin, as an SVG document. */
export function scorePlot(
  title: string,
  sets: readonly { name: string; scores: ArrayLike<number> }[],
): string {
  const all = sets.flatMap(({ scores }) => Array.from(scores));
  const low = Math.min(...all);
  const high = Math.max(...all);
  const step = (high - low) / bins || 1;
  return drawn({
    ...frame(
      title,
      sets.map(({ name }) => name),
    ),
    xAxis: axis('score S', low, low + bins * step),
    yAxis: axis('share of the set', 0),
    series: sets.map(({ name, scores }, at) => {
      const counts = new Float64Array(bins);
      for (const score of Array.from(scores))
        counts[Math.min(bins - 1, Math.floor((score - low) / step))] += 1 / scores.length;
      const points = Array.from(counts, (share, bin) => [low + (bin + 0.5) * step, share]);
      return line(name, points, colours[at % colours.length], dashes[at % dashes.length]);
    }),
  });
}

/** How a tuning run went, step by step, a line a form: the loss it was led by, and what it was judged by. */
export function tuningPlots(
  curves: readonly TuningCurve[],
): { name: string; caption: string; svg: string }[] {
  const plot = (
    caption: string,
    of: string,
    value: (point: TuningCurve['points'][number]) => number | null,
  ): string =>
    drawn({
      ...frame(
        caption,
        curves.map(({ form }) => form),
      ),
      xAxis: axis('step', 0),
      yAxis: { ...axis(of), scale: true, nameGap: 44 },
      series: curves.map(({ form, points }, at) => ({
        ...line(
          form,
          points.flatMap((point) => {
            const height = value(point);
            return height === null ? [] : [[point.step, height]];
          }),
          colours[at % colours.length],
          dashes[at % dashes.length],
        ),
        showSymbol: true,
      })),
    });
  const heldOut = 'AUROC on held-out objects';
  return [
    { name: 'loss', caption: 'Loss', svg: plot('Loss', 'mean loss since the last look', ({ loss }) => loss) },
    {
      name: 'held-out',
      caption: heldOut,
      svg: plot(heldOut, 'AUROC', (point) => point.heldOut.separation),
    },
  ];
}

function frame(title: string, names: readonly string[]): EChartsCoreOption {
  return {
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 'center', textStyle: { fontSize: 15 } },
    legend: { data: [...names], bottom: 4, type: 'plain', itemGap: legendGap },
    grid: { left: 64, right: 24, top: 44, bottom: 44 + 38 * legendRows(names) },
  };
}

/** Pixels between the entries of a legend. */
const legendGap = 24;

/** The rows that a legend of these names takes: an entry is a symbol of 30 pixels and seven for each letter. */
function legendRows(names: readonly string[]): number {
  let rows = 1;
  let taken = 0;
  for (const name of names) {
    const entry = 30 + 7 * name.length;
    if (taken > 0 && taken + legendGap + entry > width) {
      rows++;
      taken = entry;
    } else taken += (taken > 0 ? legendGap : 0) + entry;
  }
  return rows;
}

function axis(name: string, min?: number, max?: number): object {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: 30,
    min,
    max,
    axisLabel: { hideOverlap: true, formatter: (value: number) => String(Number(value.toFixed(3))) },
  };
}

function line(
  name: string,
  data: readonly (readonly number[])[],
  colour: string,
  dash: (typeof dashes)[number],
): object {
  return {
    name,
    type: 'line',
    showSymbol: false,
    data,
    lineStyle: { width: 2, type: dash, color: colour },
    itemStyle: { color: colour },
  };
}

function drawn(option: EChartsCoreOption): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

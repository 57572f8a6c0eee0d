const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A curve in one line of text, its lowest value as ▁ and its highest as █. */
export function sparkline(values: readonly number[]): string {
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  return values
    .map((value) => bars[range === 0 ? 0 : Math.round(((value - low) / range) * (bars.length - 1))])
    .join('');
}

/** Decides whether a stopped engine is started again by itself, and after how long. */
export class RestartPolicy {
  private starts: number[] = [];

  /**
   * @param delays milliseconds before the first, second, … restart within `window`; there are as many restarts as delays.
   * @param window milliseconds.
   * @param clock milliseconds.
   */
  constructor(
    private readonly delays: readonly number[] = [200, 1000, 4000],
    private readonly window = 60_000,
    private readonly clock: () => number = () => Date.now(),
  ) {}

  /** Milliseconds to wait before the next restart, which counts as made; null when there were too many of late. */
  next(): number | null {
    const now = this.clock();
    this.starts = this.starts.filter((start) => now - start < this.window);
    if (this.starts.length >= this.delays.length) return null;
    const delay = this.delays[this.starts.length];
    this.starts.push(now);
    return delay;
  }

  /** A person asked for a restart: what went before no longer counts. */
  forget(): void {
    this.starts = [];
  }
}

/** Estimates the time a scan still needs from the images it has finished lately. */
export class TimeLeft {
  private readonly finishedAt: number[] = [];

  /**
   * @param clock milliseconds, monotonic.
   * @param window how many of the last images count.
   */
  constructor(
    private readonly clock: () => number = () => performance.now(),
    private readonly window = 50,
  ) {}

  imageFinished(): void {
    this.finishedAt.push(this.clock());
    if (this.finishedAt.length > this.window + 1) this.finishedAt.shift();
  }

  /** Seconds for `images` more; null until three images say how long one takes. */
  secondsFor(images: number): number | null {
    const intervals = this.finishedAt.length - 1;
    if (intervals < 2) return null;
    const perImage = (this.finishedAt[intervals] - this.finishedAt[0]) / intervals;
    return (perImage * images) / 1000;
  }
}

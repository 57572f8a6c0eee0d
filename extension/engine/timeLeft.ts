/** Estimates the time a scan still needs from the images it has finished lately. */
export class TimeLeft {
  private readonly finishedAt: number[] = [];
  private expected: number | null = null;

  /**
   * @param clock milliseconds, monotonic.
   * @param window how many of the last images count.
   */
  constructor(
    private readonly clock: () => number = () => performance.now(),
    private readonly window = 50,
  ) {}

  /** @param seconds an image will take, as far as is known before three are finished. */
  expect(seconds: number): void {
    this.expected = seconds;
  }

  imageFinished(): void {
    this.finishedAt.push(this.clock());
    if (this.finishedAt.length > this.window + 1) this.finishedAt.shift();
  }

  /** Seconds for `images` more; until three images say how long one takes as expected, null where nothing is. */
  secondsFor(images: number): number | null {
    const intervals = this.finishedAt.length - 1;
    if (intervals < 2) return this.expected === null ? null : this.expected * images;
    const perImage = (this.finishedAt[intervals] - this.finishedAt[0]) / intervals;
    return (perImage * images) / 1000;
  }
}

export interface HeartbeatTimes {
  /** Milliseconds between two questions. */
  readonly every: number;
  /** Milliseconds without an answer after which the other side is slow. */
  readonly patience: number;
}

/** Together under two seconds, within which a person should know. */
const usualTimes: HeartbeatTimes = { every: 400, patience: 1500 };

/** Asks the other side of a conversation again and again whether it is there, and tells when it is slow and when it answers again. */
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;
  private slow = false;
  private ended = false;

  /**
   * @param ask resolves when the other side answers; when it rejects, nobody is asked any more.
   * @param changed told whether the other side is slow, each time that changes.
   */
  constructor(
    private readonly ask: () => Promise<unknown>,
    private readonly changed: (slow: boolean) => void,
    private readonly times: HeartbeatTimes = usualTimes,
  ) {
    this.wait();
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  private wait(): void {
    this.timer = setTimeout(() => void this.beat(), this.times.every);
    this.timer.unref();
  }

  private async beat(): Promise<void> {
    this.timer = setTimeout(() => this.say(true), this.times.patience);
    this.timer.unref();
    const answered = await this.ask().then(
      () => true,
      () => false, // it ended, which is told by who sees that
    );
    clearTimeout(this.timer);
    if (!answered || this.ended) return;
    this.say(false);
    this.wait();
  }

  private say(slow: boolean): void {
    if (this.ended || slow === this.slow) return;
    this.slow = slow;
    this.changed(slow);
  }
}

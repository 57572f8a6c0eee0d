/** Seconds over which a rate is taken. */
const span = 3;

/** Bytes a second of a transfer, over its last seconds. */
export class TransferRate {
  private readonly samples: { at: number; bytes: number }[] = [];

  /** @param seconds a clock. @returns bytes a second; null before a second has passed. */
  sample(bytes: number, seconds: number): number | null {
    this.samples.push({ at: seconds, bytes });
    while (this.samples.length > 2 && seconds - this.samples[1].at > span) this.samples.shift();
    const [first] = this.samples;
    const passed = seconds - first.at;
    return passed < 1 ? null : Math.max(0, (bytes - first.bytes) / passed);
  }
}

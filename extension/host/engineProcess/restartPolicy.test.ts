import { describe, expect, it } from 'vitest';
import { RestartPolicy } from './restartPolicy';

describe('restart policy', () => {
  it('waits longer each time and gives up after three restarts in a minute', () => {
    let now = 0;
    const policy = new RestartPolicy([200, 1000, 4000], 60_000, () => now);
    expect(policy.next()).toBe(200);
    now = 10_000;
    expect(policy.next()).toBe(1000);
    now = 20_000;
    expect(policy.next()).toBe(4000);
    now = 59_999;
    expect(policy.next()).toBeNull();
  });

  it('forgets restarts older than a minute', () => {
    let now = 0;
    const policy = new RestartPolicy([200, 1000], 60_000, () => now);
    policy.next();
    now = 30_000;
    policy.next();
    now = 60_000;
    expect(policy.next()).toBe(1000);
    expect(policy.next()).toBeNull();
  });

  it('starts over when a person asks for a restart', () => {
    const policy = new RestartPolicy([200], 60_000, () => 0);
    policy.next();
    expect(policy.next()).toBeNull();
    policy.forget();
    expect(policy.next()).toBe(200);
  });
});

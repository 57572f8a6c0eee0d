import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Heartbeat } from './heartbeat';

const times = { every: 400, patience: 1500 };
let answers: (() => void)[];
let failures: (() => void)[];
let said: boolean[];
let heartbeat: Heartbeat;

beforeEach(() => {
  vi.useFakeTimers();
  [answers, failures, said] = [[], [], []];
  const ask = (): Promise<void> =>
    new Promise((resolve, reject) => {
      answers.push(resolve);
      failures.push(() => reject(new Error('ended')));
    });
  heartbeat = new Heartbeat(ask, (slow) => said.push(slow), times);
});
afterEach(() => {
  heartbeat.end();
  vi.useRealTimers();
});

it('says nothing of who answers, and asks one question at a time', async () => {
  for (let beat = 1; beat <= 5; beat++) {
    await vi.advanceTimersByTimeAsync(times.every);
    expect(answers).toHaveLength(beat);
    await vi.advanceTimersByTimeAsync(times.patience - 1);
    expect(answers).toHaveLength(beat);
    answers[beat - 1]();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(said).toEqual([]);
});

it('says once within two seconds that there is no answer, and when it comes', async () => {
  await vi.advanceTimersByTimeAsync(1999);
  expect(said).toEqual([true]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toEqual([true]);
  answers[0]();
  await vi.advanceTimersByTimeAsync(0);
  expect(said).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(2000);
  expect(said).toEqual([true, false, true]);
});

it('ends with the other side, and when it is told to', async () => {
  await vi.advanceTimersByTimeAsync(times.every);
  failures[0]();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([answers.length, said]).toEqual([1, []]);
  heartbeat.end();
  heartbeat = new Heartbeat(
    () => new Promise(() => undefined),
    (slow) => said.push(slow),
    times,
  );
  heartbeat.end();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(said).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { seededRandom } from '../pipeline/seededRandom';
import { advantageOver } from './advantage';
import type { HeldOutScores } from './heldOut';

const scores = (known: number[], strange: number[]): HeldOutScores => ({
  known: Float64Array.from(known),
  strange: Float64Array.from(strange),
  against: 'outside',
  accuracy: 1,
});
const named = (count: number, name: string, each = 1): string[] =>
  Array.from({ length: count }, (_, at) => `${name}-${Math.floor(at / each)}`);

describe('how sure it is that tuning gained something', () => {
  const pictures = { known: named(40, 'known'), outside: named(40, 'outside') };
  const random = seededRandom(3);
  const noise = (): number[] => Array.from({ length: 40 }, random);

  it('is sure where every object is told apart that was not before', () => {
    const untuned = scores(noise(), noise());
    const tuned = scores(new Array<number>(40).fill(1), new Array<number>(40).fill(0));
    const { interval, lead } = advantageOver(untuned, tuned, pictures);
    expect(lead).toBe(1);
    expect(interval[0]).toBeGreaterThan(0.2);
  });

  it('gives the same scores no lead at all', () => {
    const untuned = scores(noise(), noise());
    expect(advantageOver(untuned, untuned, pictures)).toEqual({ interval: [0, 0], lead: 0 });
  });

  it('is unsure where a gain stands on one picture', () => {
    const known = noise();
    const strange = noise();
    // All ten objects of one picture are told apart, those of another are lost.
    const tenAPicture = { known: named(40, 'known', 10), outside: named(40, 'outside', 10) };
    const tuned = scores(
      known.map((score, at) => (at < 10 ? 2 : at < 19 ? -2 : score)),
      strange,
    );
    const { interval, lead } = advantageOver(scores(known, strange), tuned, tenAPicture);
    expect(lead).toBeGreaterThan(0.1);
    expect(lead).toBeLessThan(0.9);
    expect(interval[0]).toBeLessThan(0);
    expect(interval[1]).toBeGreaterThan(0);
  });

  it('draws the ID objects on both sides where their own class was left out', () => {
    const own = { ...scores([3, 3, 3, 3], [1, 1, 1, 1]), against: 'ownClassLeftOut' as const };
    const worse = { ...scores([3, 3, 3, 0], [1, 1, 1, 1]), against: 'ownClassLeftOut' as const };
    const { lead } = advantageOver(worse, own, { known: named(4, 'known'), outside: [] });
    expect(lead).toBeGreaterThan(0.5); // whenever the last picture is drawn
    expect(lead).toBeLessThan(0.9);
  });
});

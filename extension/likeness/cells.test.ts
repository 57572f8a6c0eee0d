import { describe, expect, it } from 'vitest';
import { multiplyTransposed } from '../pipeline/vectors';
import { cellsOf } from './cells';
import { drawnDirections } from './drawnDirections.fixture';
import { groupedBy, singles } from './membership';
import { measured, unitMeans } from './unitMeans';

const most = 100;
let paused = 0;
const work = { products: multiplyTransposed, pause: () => Promise.resolve(void paused++) };
const all = (count: number) => Uint32Array.from({ length: count }, (_, at) => at);

async function parted(drawn: ReturnType<typeof drawnDirections>, seed: number): Promise<Uint32Array[]> {
  const directions = measured(drawn);
  const objects = directions.lengths.length;
  const vectorsOf = (items: Uint32Array) => unitMeans(directions, singles(objects), items);
  return cellsOf(all(objects), vectorsOf, drawn.width, most, seed, work);
}

describe('cells', () => {
  it('hold every item once, no more than may be in one, and what is alike in the same', async () => {
    const drawn = drawnDirections(3000, 40, { spread: 0.1 });
    paused = 0;
    const cells = await parted(drawn, 1);
    expect(cells.flatMap((cell) => [...cell]).sort((a, b) => a - b)).toEqual([...all(3000)]);
    expect(Math.max(...cells.map((cell) => cell.length))).toBeLessThanOrEqual(most);
    expect(paused).toBeGreaterThan(3);
    const cellOf = new Uint32Array(3000);
    cells.forEach((cell, at) => cell.forEach((item) => (cellOf[item] = at)));
    let pairs = 0;
    let together = 0;
    for (let one = 0; one < 3000; one++)
      for (let other = 0; other < one; other++) {
        if (drawn.centreOf[one] !== drawn.centreOf[other]) continue;
        pairs++;
        if (cellOf[one] === cellOf[other]) together++;
      }
    expect(together / pairs).toBeGreaterThan(0.6); // by chance it would be .03
  });

  it('have other borders with another seed, and the same with the same', async () => {
    const drawn = drawnDirections(1500, 300);
    const first = await parted(drawn, 1);
    expect(await parted(drawn, 1)).toEqual(first);
    expect(await parted(drawn, 2)).not.toEqual(first);
  });

  it('cut what cannot be told apart', async () => {
    const cells = await parted(drawnDirections(1000, 1, { spread: 0 }), 1);
    expect(cells.map((cell) => cell.length)).toEqual(new Array(10).fill(most));
  });
});

describe('groups of groups', () => {
  it('hold the members of all of them', () => {
    const first = groupedBy(singles(6), Uint32Array.of(0, 1, 0, 1, 4, 0));
    expect([...first.members]).toEqual([0, 2, 5, 1, 3, 4]);
    expect([...first.starts]).toEqual([0, 3, 5, 6]);
    const second = groupedBy(first, Uint32Array.of(2, 1, 2));
    expect([...second.members]).toEqual([1, 3, 0, 2, 5, 4]);
    expect([...second.starts]).toEqual([0, 2, 6]);
  });
});

import { describe, expect, it } from 'vitest';
import { classChoices, matchRank, type ChoiceSources } from './classChoices';

const sources: ChoiceSources = {
  classes: ['cat', 'dog', 'horse', 'traffic light', 'bus', 'car', 'sheep'],
  scores: [0.1, 0.3, 0.2, 0.05, 0.07, 0.01, 0.02],
  label: 'sheep',
  names: [
    { name: 'forklift', count: 12 },
    { name: 'cat', count: 2 },
  ],
  lately: ['car', 'dog'],
};
const named = (text: string, from = sources) =>
  classChoices(text, from).map(({ title, choices }) => [title, choices.map(({ name }) => name)]);

describe('what an object can be called', () => {
  it('is offered closest first, by digit, then its label, names given before, and all classes', () => {
    expect(named('')).toEqual([
      ['closest', ['dog', 'horse', 'cat', 'bus', 'traffic light']],
      ['label', ['sheep']],
      ['names', ['forklift']],
      ['lately', ['car']],
      ['classes', ['sheep', 'car']],
    ]);
    expect(classChoices('', sources)[0].choices.map(({ digit }) => digit)).toEqual([1, 2, 3, 4, 5]);
    expect(classChoices('', sources)[2].choices[0]).toMatchObject({ isForeign: true, count: 12 });
  });

  it('is found by what is typed, the best match first', () => {
    expect(named('ca')).toEqual([
      ['classes', ['cat', 'car']],
      ['new', ['ca']],
    ]);
    expect(named('light')[0]).toEqual(['classes', ['traffic light']]);
    expect(named('FORK')[0]).toEqual(['names', ['forklift']]);
    expect(named('cat')).toEqual([['classes', ['cat']]]);
  });

  it('may be a new name', () => {
    expect(classChoices(' pallet jack ', sources)).toEqual([
      {
        title: 'new',
        choices: [{ name: 'pallet jack', isForeign: true, score: null, count: null, digit: null }],
      },
    ]);
  });

  it('is a new name before it is a class that only has its letters', () => {
    expect(named('tag')).toEqual([
      ['new', ['tag']],
      ['classes', ['traffic light']],
    ]);
    expect(named('fort')[0]).toEqual(['new', ['fort']]);
  });

  it('tells free names from classes, the better match first', () => {
    const withSled = { ...sources, names: [{ name: 'dogsled', count: 1 }, ...sources.names] };
    expect(named('dog', withSled)).toEqual([
      ['classes', ['dog']],
      ['names', ['dogsled']],
    ]);
    expect(named('dogs', withSled)).toEqual([
      ['names', ['dogsled']],
      ['new', ['dogs']],
    ]);
  });

  it('keeps the order of the list where scores are not known', () => {
    expect(named('', { ...sources, scores: [], label: null, lately: [] })).toEqual([
      ['names', ['forklift']],
      ['classes', sources.classes],
    ]);
  });

  it('matches letters in order last', () => {
    expect(matchRank('traffic light', 'tl')).toBe(4);
    expect(matchRank('traffic light', 'light')).toBe(2);
    expect(matchRank('bus', 'sub')).toBe(Infinity);
  });
});

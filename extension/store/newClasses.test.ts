import { expect, it } from 'vitest';
import type { Decision, Results } from '../protocol/results';
import { newClassesOf } from './newClasses';

const at = '2026-01-02T03:04:05.000Z';
const given = (verdict: Decision['verdict'], name?: string): Decision => ({ verdict, class: name, at });
const of = (...decisions: (Decision | null)[]): Pick<Results, 'classes' | 'objects'> => ({
  classes: ['cat'],
  objects: decisions.map((decision) => ({ decision })) as unknown as Results['objects'],
});

it('counts free names, the most frequent first', () => {
  const results = of(
    given('ood', 'tram'),
    given('ood', 'forklift'),
    given('ood', 'forklift'),
    given('ood', 'crane'),
  );
  expect(newClassesOf(results)).toEqual([
    { name: 'forklift', count: 2 },
    { name: 'crane', count: 1 },
    { name: 'tram', count: 1 },
  ]);
});

it('leaves out classes of the list, other verdicts and verdicts without a name', () => {
  expect(
    newClassesOf(of(null, given('ood'), given('ood', 'cat'), given('id', 'cat'), given('ignored'))),
  ).toEqual([]);
});

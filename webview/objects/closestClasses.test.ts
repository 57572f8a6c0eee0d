import { describe, expect, it } from 'vitest';
import { closestClasses } from './closestClasses';

const classes = ['cat', 'dog', 'bird'];
const names = (labelled: number | null): string[] =>
  closestClasses([0.1, 0.3, 0.2], classes, 1, labelled).map(({ name, isLabel }) => `${name} ${isLabel}`);

describe('closest classes', () => {
  it('are the best ones', () => {
    expect(names(null)).toEqual(['dog false']);
    expect(names(1)).toEqual(['dog true']);
  });

  it('are followed by the labelled class where it is none of them', () => {
    expect(names(0)).toEqual(['dog false', 'cat true']);
  });
});

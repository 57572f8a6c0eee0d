import { describe, expect, it } from 'vitest';
import { english } from '../../protocol/localisation';
import { classChoices } from './classChoices';

describe('the classes to pick from for an object', () => {
  it('come closest first, with their scores', () => {
    expect(classChoices(['cat', 'dog', 'horse'], [0.1234, 0.3, -0.02], english)).toEqual([
      { label: 'dog', description: '0.300' },
      { label: 'cat', description: '0.123' },
      { label: 'horse', description: '-0.020' },
    ]);
  });

  it('come in the order of the list while no scores are known', () => {
    expect(classChoices(['dog', 'cat'], [], english)).toEqual([{ label: 'dog' }, { label: 'cat' }]);
  });
});

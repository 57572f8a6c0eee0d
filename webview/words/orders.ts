import type { ObjectOrder, OrderName } from '../objects/objectOrder';
import { t } from './localise';

/** What an order is called, and what comes first in it. */
export const orderWords: Record<OrderName, { name: string; ascending: string; descending: string }> = {
  score: { name: 'Score', ascending: 'Lowest score first', descending: 'Highest score first' },
  nearest: { name: 'Near δ', ascending: 'Nearest to δ first', descending: 'Furthest from δ first' },
  methods: {
    name: 'Methods',
    ascending: 'Where methods agree first',
    descending: 'Where methods disagree most first',
  },
  file: { name: 'File', ascending: 'Files from A to Z', descending: 'Files from Z to A' },
  class: { name: 'Class', ascending: 'Classes from A to Z', descending: 'Classes from Z to A' },
  size: { name: 'Box size', ascending: 'Smallest box first', descending: 'Largest box first' },
  detector: {
    name: 'Detector',
    ascending: 'Lowest detector score first',
    descending: 'Highest detector score first',
  },
  disagreement: {
    name: 'Label',
    ascending: 'Labels that fit best first',
    descending: 'Most doubtful labels first',
  },
  moved: { name: 'Moved', ascending: 'Moved least first', descending: 'Moved most first' },
};

/** @param perClass classes have a δ of their own: the order by score is one by the distance to it. */
export function directionWords({ by, descending }: ObjectOrder, perClass: boolean): string {
  if (by === 'score' && perClass)
    return t(
      descending ? 'Furthest above the δ of their class first' : 'Furthest below the δ of their class first',
    );
  return t(orderWords[by][descending ? 'descending' : 'ascending']);
}

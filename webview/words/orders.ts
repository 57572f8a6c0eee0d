import { phrase } from '../../extension/protocol/localisation';
import type { ObjectOrder, OrderName } from '../objects/objectOrder';
import { t } from './localise';

/** What an order is called, and what comes first in it. */
export const orderWords: Record<OrderName, { name: string; ascending: string; descending: string }> = {
  score: {
    name: phrase('Score'),
    ascending: phrase('Lowest score first'),
    descending: phrase('Highest score first'),
  },
  nearest: {
    name: phrase('Near δ'),
    ascending: phrase('Nearest to δ first'),
    descending: phrase('Furthest from δ first'),
  },
  methods: {
    name: phrase('Methods'),
    ascending: phrase('Where methods agree first'),
    descending: phrase('Where methods disagree most first'),
  },
  file: {
    name: phrase('File'),
    ascending: phrase('Files from A to Z'),
    descending: phrase('Files from Z to A'),
  },
  class: {
    name: phrase('Class'),
    ascending: phrase('Classes from A to Z'),
    descending: phrase('Classes from Z to A'),
  },
  size: {
    name: phrase('Box size'),
    ascending: phrase('Smallest box first'),
    descending: phrase('Largest box first'),
  },
  detector: {
    name: phrase('Detector'),
    ascending: phrase('Lowest detector score first'),
    descending: phrase('Highest detector score first'),
  },
  disagreement: {
    name: phrase('Label'),
    ascending: phrase('Labels that fit best first'),
    descending: phrase('Most doubtful labels first'),
  },
  moved: {
    name: phrase('Moved'),
    ascending: phrase('Moved least first'),
    descending: phrase('Moved most first'),
  },
};

/** @param perClass classes have a δ of their own: the order by score is one by the distance to it. */
export function directionWords({ by, descending }: ObjectOrder, perClass: boolean): string {
  if (by === 'score' && perClass)
    return t(
      descending ? 'Furthest above the δ of their class first' : 'Furthest below the δ of their class first',
    );
  return t(orderWords[by][descending ? 'descending' : 'ascending']);
}

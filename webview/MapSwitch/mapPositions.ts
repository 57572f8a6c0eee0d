import { phrase } from '../../extension/protocol/localisation';
import type { ReviewActionName } from '../../extension/protocol/reviewActions';
import type { MapKind } from '../maps/colourMaps';

/** What can be laid over the pictures: what it is called, its sign in the paper, what it tells, and the key that shows it. */
export const mapPositions: readonly {
  kind: MapKind;
  name: string;
  symbol: string;
  tells: string;
  action: ReviewActionName;
}[] = [
  { kind: 'photo', name: phrase('Photo'), symbol: '', tells: phrase('no map'), action: 'showPhoto' },
  {
    kind: 'attention',
    name: phrase('Attention'),
    symbol: 'β',
    tells: phrase('where it looked'),
    action: 'showAttention',
  },
  {
    kind: 'alignment',
    name: phrase('Alignment'),
    symbol: 'μ',
    tells: phrase('what fits it'),
    action: 'showAlignment',
  },
  {
    kind: 'combined',
    name: phrase('Combined'),
    symbol: 'ω',
    tells: phrase('what counted'),
    action: 'showCombined',
  },
];

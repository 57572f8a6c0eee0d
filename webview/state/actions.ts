import { flushSync } from 'svelte';
import { reviewActions, type ReviewActionName } from '../../extension/protocol/reviewActions';
import type { MapKind } from '../maps/colourMaps';
import { shownObjects } from '../objects/objectFilter';
import { countOf, formatScore } from '../words/numbers';
import { t } from '../words/localise';
import type { Review } from './review.svelte';

/** Actions that go on while their key is held down; any other is done once a press. */
const repeating = new Set<ReviewActionName>([
  'undo',
  'redo',
  'next',
  'previous',
  'fainterMap',
  'strongerMap',
  'zoomIn',
  'zoomOut',
  'lowerThreshold',
  'raiseThreshold',
  'lowerThresholdMore',
  'raiseThresholdMore',
]);

/** Does what a key or a command of the review stands for. */
export function performAction(review: Review, name: ReviewActionName): void {
  if (!(name in reviewActions)) return;
  if (!repeating.has(name) && !review.keyboard.isNewPress(name)) return;
  doings[name](review);
}

const assign =
  (place: number) =>
  (review: Review): void =>
    review.deciding.assignClosest(place);

const showMap =
  (kind: MapKind) =>
  ({ look }: Review): void =>
    look.show(kind);

const moveThreshold =
  (by: number) =>
  (review: Review): void =>
    review.moveThreshold(Math.round(1000 * (review.threshold.value + by)) / 1000);

const doings: Record<ReviewActionName, (review: Review) => void> = {
  markOut: ({ deciding }) => deciding.decide({ verdict: 'ood' }),
  markIn: ({ deciding }) => deciding.assignClosest(0),
  assignFirst: assign(0),
  assignSecond: assign(1),
  assignThird: assign(2),
  assignFourth: assign(3),
  assignFifth: assign(4),
  chooseClass: ({ focus, layers }) => focus.id !== null && layers.show('classes'),
  ignore: ({ deciding }) => deciding.decide({ verdict: 'ignored' }),
  clearVerdict: ({ deciding }) => deciding.decide(null),
  undo: ({ deciding }) => deciding.moveInHistory('undo'),
  redo: ({ deciding }) => deciding.moveInHistory('redo'),
  toggleAutoAdvance: ({ deciding }) => deciding.toggleAutoAdvance(),
  next: ({ move }) => move.step(1),
  previous: ({ move }) => move.step(-1),
  nextUnreviewed: ({ move }) => move.toUnreviewed(1),
  previousUnreviewed: ({ move }) => move.toUnreviewed(-1),
  toggleMap,
  showPhoto: showMap('photo'),
  showAttention: showMap('attention'),
  showAlignment: showMap('alignment'),
  showCombined: showMap('combined'),
  nextMap: ({ look }) => look.step(1),
  previousMap: ({ look }) => look.step(-1),
  fainterMap: ({ look }) => look.strengthen(-1),
  strongerMap: ({ look }) => look.strengthen(1),
  toggleBoxes: ({ look }) => (look.boxes = !look.boxes),
  toggleZoom: ({ zoom }) => zoom.toggle(),
  zoomIn: ({ zoom }) => zoom.by(1),
  zoomOut: ({ zoom }) => zoom.by(-1),
  focusFilter: () => document.querySelector<HTMLElement>('input[type=search]')?.focus(),
  cycleSide: ({ list, announcer }) => {
    const next = shownObjects[(shownObjects.indexOf(list.shown) + 1) % shownObjects.length];
    list.filter(list.text, next);
    announcer.say(`${t(sideNames[next])}: ${countOf(list.count, 'object')}.`);
  },
  refreshList: ({ list }) => list.refresh(),
  lowerThreshold: moveThreshold(-0.001),
  raiseThreshold: moveThreshold(0.001),
  lowerThresholdMore: moveThreshold(-0.01),
  raiseThresholdMore: moveThreshold(0.01),
  focusThreshold: ({ threshold, room, announcer }) => {
    if (!room.histogramShown) room.histogramChosen = true;
    flushSync();
    document.querySelector<HTMLElement>('.histogram [role=slider]')?.focus();
    announcer.say(t('Threshold {0}.', formatScore(threshold.value)));
  },
  showKeys: ({ layers }) => layers.toggle('keys'),
};

export const sideNames = { flagged: 'Flagged', kept: 'Kept', all: 'All' } as const;

/** A tap hides or shows the map; while the key is held, the photo is bare. */
function toggleMap({ look, keyboard, announcer }: Review): void {
  const say = (isShown: boolean): void => announcer.say(isShown ? t('Map shown.') : t('Map hidden.'));
  say(look.toggleMap());
  keyboard.whenHeldIsReleased(() => say(look.toggleMap()));
}

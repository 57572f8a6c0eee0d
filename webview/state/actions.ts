import { flushSync } from 'svelte';
import {
  readOnlyActionNames,
  reviewActions,
  type ReviewActionName,
} from '../../extension/protocol/reviewActions';
import type { MapKind } from '../maps/colourMaps';
import { shownObjects } from '../objects/objectFilter';
import { groupingWords } from '../words/groupings';
import { countOf, formatScore } from '../words/numbers';
import { groupingNames } from '../objects/objectGroups';
import { t } from '../words/localise';
import { sideWords } from '../words/sides';
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
  if (!(name in reviewActions) || (review.scan.readOnly && !readOnlyActionNames.includes(name))) return;
  if (!repeating.has(name) && !review.keyboard.isNewPress(name)) return;
  review.turns.take(() => doings[name](review));
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
  markIn: ({ deciding }) => deciding.assignOwnClosest(),
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
    list.filter({ shown: next });
    announcer.say(`${t(sideWords[next])}: ${countOf(list.total, 'object')}.`);
  },
  filterScores: (review) => {
    const { list, threshold, room } = review;
    if (!room.histogramShown) room.histogramChosen = true;
    if (list.scores === null) review.filterScores({ least: threshold.range.low, most: threshold.range.high });
    flushSync();
    document.querySelector<HTMLElement>('.histogram .edge')?.focus();
  },
  goToAnnotation: ({ focus, host, announcer }) =>
    focus.detail?.annotated
      ? host.runCommand('goToAnnotation')
      : announcer.say(t('No annotation file holds this object.')),
  refreshList: (review) => review.refreshList(),
  cycleGrouping: ({ list, announcer }) => {
    list.group(groupingNames[(groupingNames.indexOf(list.groupBy) + 1) % groupingNames.length]);
    announcer.say(t(groupingWords[list.groupBy]));
  },
  foldGroup: (review) => foldGroups(review, false),
  foldAllGroups: (review) => foldGroups(review, true),
  selectAll: ({ move }) => move.selectAll(),
  selectGroup: ({ list, focus, move }) => {
    const group = list.groupWith(focus.id);
    if (list.groups && group >= 0) move.selectGroup(list.groups.rowsOf(group), true);
  },
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

/** Folds the group of the focused object, or all groups; where it is folded, they are unfolded. */
function foldGroups({ list, focus }: Review, all: boolean): void {
  const { groups } = list;
  const group = Math.max(0, list.groupWith(focus.id));
  if (groups === null || groups.count === 0) return;
  list.fold(all ? groups.names() : [groups.name(group)], !groups.isFolded(group));
}

/** A tap hides or shows the map; while the key is held, the photo is bare. */
function toggleMap({ look, keyboard, announcer }: Review): void {
  const say = (isShown: boolean): void => announcer.say(isShown ? t('Map shown.') : t('Map hidden.'));
  say(look.toggleMap());
  keyboard.whenHeldIsReleased(() => say(look.toggleMap()));
}

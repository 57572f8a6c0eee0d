import { phrase } from '../../extension/protocol/localisation';
import {
  readOnlyActionNames,
  reviewActionGroups,
  reviewActions,
  type ReviewActionGroup,
  type ReviewActionName,
} from '../../extension/protocol/reviewActions';
import { keyLabel } from '../words/keys';
import { t } from '../words/localise';

export interface KeyLine {
  readonly title: string;
  readonly keys: readonly string[];
}

export const groupTitles: Record<ReviewActionGroup, string> = {
  decide: phrase('Decide'),
  move: phrase('Move'),
  look: phrase('Look'),
  find: phrase('Find'),
  select: phrase('Select'),
  threshold: phrase('Threshold'),
  help: phrase('Help'),
};

/** Actions that are told in one line with another. */
const together: [ReviewActionName[], string][] = [
  [
    ['assignFirst', 'assignSecond', 'assignThird', 'assignFourth', 'assignFifth'],
    phrase('Closest Classes, Best First'),
  ],
  [['undo', 'redo'], phrase('Undo, Redo Verdict')],
  [['next', 'previous'], phrase('Next, Previous Object')],
  [['nextUnreviewed', 'previousUnreviewed'], phrase('Next, Previous Unreviewed')],
  [
    ['showPhoto', 'showAttention', 'showAlignment', 'showCombined'],
    phrase('Photo, Attention, Alignment, Combined'),
  ],
  [['nextMap', 'previousMap'], phrase('Next, Previous Map')],
  [['fainterMap', 'strongerMap'], phrase('Fainter, Stronger Map')],
  [['zoomIn', 'zoomOut'], phrase('Zoom In, Out')],
  [['lowerThreshold', 'raiseThreshold'], phrase('Lower, Raise δ by 0.001')],
  [['lowerThresholdMore', 'raiseThresholdMore'], phrase('Lower, Raise δ by 0.010')],
];

/** Keys of the list itself: as in every list, they cannot be changed. */
const keysOfTheList: Partial<Record<ReviewActionGroup, KeyLine[]>> = {
  move: [
    { title: phrase('In the List'), keys: ['↑', '↓', 'PgUp', 'PgDn', 'Home', 'End'] },
    { title: phrase('Objects of the Same Photo'), keys: ['←', '→'] },
    { title: phrase('Open in Editor (Side Bar)'), keys: ['Enter'] },
  ],
  select: [
    { title: phrase('Select or Let Go'), keys: ['Space', keyLabel('ctrl+click')] },
    { title: phrase('Select a Range'), keys: ['shift+↑', 'shift+↓', 'shift+click'].map(keyLabel) },
    { title: phrase('Move and Keep the Selection'), keys: ['ctrl+↑', 'ctrl+↓'].map(keyLabel) },
    { title: phrase('Clear the Selection'), keys: ['Esc'] },
  ],
};

/** All keys of the review, by what they are for. @param readOnly those that change nothing. */
export function keyGroups(readOnly = false): { title: string; lines: KeyLine[] }[] {
  return reviewActionGroups
    .map((group) => ({
      title: t(groupTitles[group]),
      lines: [...linesOf(group, readOnly), ...keysInTheList(group, readOnly).map(translated)],
    }))
    .filter(({ lines }) => lines.length > 0);
}

/** No editor is beside a report. */
function keysInTheList(group: ReviewActionGroup, readOnly: boolean): KeyLine[] {
  return (keysOfTheList[group] ?? []).filter(({ keys }) => !readOnly || !keys.includes('Enter'));
}

function linesOf(group: ReviewActionGroup, readOnly: boolean): KeyLine[] {
  const lines: KeyLine[] = [];
  for (const [name, action] of Object.entries(reviewActions)) {
    if (action.group !== group) continue;
    if (readOnly && !readOnlyActionNames.includes(name as ReviewActionName)) continue;
    const shared = together.find(([names]) => names.includes(name as ReviewActionName));
    if (shared === undefined) lines.push({ title: t(action.title), keys: action.keys.map(keyLabel) });
    else if (shared[0][0] === name)
      lines.push({ title: t(shared[1]), keys: shared[0].map((one) => keyLabel(reviewActions[one].keys[0])) });
  }
  return lines;
}

const translated = ({ title, keys }: KeyLine): KeyLine => ({ title: t(title), keys });

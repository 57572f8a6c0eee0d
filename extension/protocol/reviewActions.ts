import { phrase } from './localisation';

/** What a person can do in the review by one key, and the key it comes with. */
export interface ReviewAction {
  /** As the command palette and the list of keys name it. */
  readonly title: string;
  readonly group: ReviewActionGroup;
  /** In the words of VS Code's keybindings; the first is shown. */
  readonly keys: readonly string[];
  /** A bare key: `uniOod.review.singleKeys` turns it off. */
  readonly bare: boolean;
}

export const reviewActionGroups = ['decide', 'move', 'look', 'find', 'select', 'threshold', 'help'] as const;
export type ReviewActionGroup = (typeof reviewActionGroups)[number];

const bare = (group: ReviewActionGroup, title: string, ...keys: string[]): ReviewAction => ({
  title,
  group,
  keys,
  bare: true,
});
const chord = (group: ReviewActionGroup, title: string, ...keys: string[]): ReviewAction => ({
  title,
  group,
  keys,
  bare: false,
});

/**
 * Every action is a command `uniOod.review.<name>`, so that its key can be changed in VS Code's own keybindings. The keys
 * here are those of package.json, which a test compares: VS Code tells an extension nothing of the person's own.
 */
export const reviewActions = {
  markOut: bare('decide', phrase('Out of Distribution'), 'o'),
  markIn: bare('decide', phrase('In Distribution: Closest Class'), 'i'),
  assignFirst: bare('decide', phrase('Assign Closest Class'), '1'),
  assignSecond: bare('decide', phrase('Assign Second Class'), '2'),
  assignThird: bare('decide', phrase('Assign Third Class'), '3'),
  assignFourth: bare('decide', phrase('Assign Fourth Class'), '4'),
  assignFifth: bare('decide', phrase('Assign Fifth Class'), '5'),
  chooseClass: bare('decide', phrase('Other Class or New Name…'), 'c'),
  ignore: bare('decide', phrase('Ignore: Not an Object'), 'x'),
  clearVerdict: bare('decide', phrase('Clear Verdict'), 'u'),
  undo: chord('decide', phrase('Undo Verdict'), 'ctrl+z'),
  redo: chord('decide', phrase('Redo Verdict'), 'ctrl+shift+z', 'ctrl+y'),
  toggleAutoAdvance: bare('decide', phrase('Auto-Advance On or Off'), 'a'),
  next: bare('move', phrase('Next Object'), 'j'),
  previous: bare('move', phrase('Previous Object'), 'k'),
  nextUnreviewed: bare('move', phrase('Next Unreviewed Object'), 'n'),
  previousUnreviewed: bare('move', phrase('Previous Unreviewed Object'), 'shift+n'),
  toggleMap: bare('look', phrase('Hide or Show Map (Hold to Peek)'), 'h'),
  showPhoto: bare('look', phrase('Photo without Map'), 'shift+1'),
  showAttention: bare('look', phrase('Attention Map β'), 'shift+2'),
  showAlignment: bare('look', phrase('Alignment Map μ'), 'shift+3'),
  showCombined: bare('look', phrase('Combined Map ω'), 'shift+4'),
  nextMap: bare('look', phrase('Next Map'), 'm'),
  previousMap: bare('look', phrase('Previous Map'), 'shift+m'),
  fainterMap: bare('look', phrase('Fainter Map'), '['),
  strongerMap: bare('look', phrase('Stronger Map'), ']'),
  toggleBoxes: bare('look', phrase('Boxes of Other Objects'), 'b'),
  toggleZoom: bare('look', phrase('Zoom to Object and Back'), 'z'),
  zoomIn: bare('look', phrase('Zoom In'), '='),
  zoomOut: bare('look', phrase('Zoom Out'), '-'),
  focusFilter: bare('find', phrase('Filter by Text'), '/'),
  cycleSide: bare('find', phrase('Flagged, Kept, All'), 'v'),
  filterScores: bare('find', phrase('Filter by Score Range'), 'shift+t'),
  cycleGrouping: bare('find', phrase('Change What the List Is Grouped By'), 'shift+v'),
  foldGroup: bare('find', phrase('Fold or Unfold Group'), 'e'),
  foldAllGroups: bare('find', phrase('Fold or Unfold All Groups'), 'shift+e'),
  goToAnnotation: bare('find', phrase('Go to Annotation'), 'g'),
  refreshList: bare('find', phrase('Refresh List'), 'l'),
  selectGroup: bare('select', phrase('Select the Group of the Object'), 'shift+g'),
  selectAll: chord('select', phrase('Select All in the List'), 'ctrl+a'),
  lowerThreshold: bare('threshold', phrase('Lower δ by 0.001'), ','),
  raiseThreshold: bare('threshold', phrase('Raise δ by 0.001'), '.'),
  lowerThresholdMore: bare('threshold', phrase('Lower δ by 0.010'), 'shift+,'),
  raiseThresholdMore: bare('threshold', phrase('Raise δ by 0.010'), 'shift+.'),
  focusThreshold: bare('threshold', phrase('Go to the Slider of δ'), 't'),
  showKeys: chord('help', phrase('All Keys of the Review'), 'shift+/'),
} satisfies Record<string, ReviewAction>;

export type ReviewActionName = keyof typeof reviewActions;

export const reviewActionNames = Object.keys(reviewActions) as [ReviewActionName, ...ReviewActionName[]];

/** What can be done where nothing can be changed: in a report. */
export const readOnlyActionNames = reviewActionNames.filter(
  (name) => reviewActions[name].group !== 'decide' && name !== 'goToAnnotation',
);

/** The command an action is known by to VS Code. */
export const actionCommand = (name: ReviewActionName): string => `uniOod.review.${name}`;

/** The key of an action's title in package.nls.json. */
export const actionTitleKey = (name: ReviewActionName): string => `command.review.${name}.title`;

/**
 * When a key of the review acts: not while something is typed. Our own context keys are a moment late, as they come from the
 * page; VS Code's `inputFocus` and `listFocus` are not, so that what is typed at once into the command palette, or into the
 * Explorer to find a file, gives no verdict.
 */
export const actionWhen = ({ bare }: ReviewAction): string =>
  `uniOod.reviewFocus && !uniOod.inputFocus && !inputFocus && !listFocus${bare ? ' && config.uniOod.review.singleKeys' : ''}`;

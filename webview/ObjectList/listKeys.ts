import type { Review } from '../state/review.svelte';

/** Keys that mean more than moving, without Shift or Ctrl. */
const plainKeys: Record<string, (review: Review) => void> = {
  ' ': ({ move }) => move.toggleAt(move.place),
  ArrowRight: ({ move }) => move.inPhoto(1),
  ArrowLeft: ({ move }) => move.inPhoto(-1),
};

/**
 * What a key does in the list, as in every list: arrows move, with Shift they select, with Ctrl they leave the selection as
 * it is.
 * @param page how many rows are in sight.
 * @returns whether it does anything.
 */
export function pressInList(event: KeyboardEvent, review: Review, page: number): boolean {
  const { key, shiftKey, altKey } = event;
  const aside = event.ctrlKey || event.metaKey;
  if (altKey || (aside && shiftKey)) return false;
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -Infinity,
    End: Infinity,
  };
  const step = steps[key];
  if (step !== undefined) {
    if (shiftKey) review.move.extendTo(review.move.placeAfter(step));
    else if (aside) review.move.stepAside(step);
    else review.move.step(step);
    return true;
  }
  if (shiftKey || aside) return false;
  if (key === 'Enter' && review.scan.place === 'sideBar') review.host.runCommand('openReviewInEditor');
  else if (key === 'Escape' && review.selection.count > 0) review.move.clearSelection();
  else if (key in plainKeys) plainKeys[key](review);
  else return false;
  return true;
}

/** A click looks at an object; with Shift it selects up to there, with Ctrl it adds or lets go. */
export function clickInList(event: MouseEvent, review: Review, position: number): void {
  if (event.shiftKey) review.move.extendTo(position);
  else if (event.ctrlKey || event.metaKey) review.move.toggleAt(position);
  else review.move.toPosition(position);
}

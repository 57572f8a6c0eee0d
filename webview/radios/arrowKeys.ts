const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * Arrows go round among the radios of a group, and the one that they reach is chosen.
 * @param chosen place of the one that is chosen, among `count`.
 */
export function pressInRadios(
  event: KeyboardEvent & { currentTarget: HTMLElement },
  chosen: number,
  count: number,
  choose: (place: number) => void,
): void {
  const by = steps[event.key];
  if (by === undefined) return;
  event.preventDefault();
  const next = (chosen + by + count) % count;
  choose(next);
  event.currentTarget.querySelectorAll<HTMLElement>('[role=radio]')[next]?.focus();
}

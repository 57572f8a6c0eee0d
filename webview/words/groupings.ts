import type { GroupingName } from '../objects/objectGroups';

/** What a grouping of the list is called. */
export const groupingWords: Record<GroupingName, string> = {
  none: 'No groups',
  image: 'By image',
  class: 'By class',
};

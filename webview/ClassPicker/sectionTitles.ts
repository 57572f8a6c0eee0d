import type { ChoiceSection } from '../objects/classChoices';

export const sectionTitles: Record<ChoiceSection['title'], string> = {
  closest: 'Closest',
  label: 'Label in the file',
  names: 'New names given before',
  lately: 'Used lately',
  classes: 'Classes',
  new: 'New name: out of distribution',
};

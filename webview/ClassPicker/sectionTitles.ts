import { phrase } from '../../extension/protocol/localisation';
import type { ChoiceSection } from '../objects/classChoices';

export const sectionTitles: Record<ChoiceSection['title'], string> = {
  closest: phrase('Closest'),
  label: phrase('Label in the file'),
  names: phrase('New names given before'),
  lately: phrase('Used lately'),
  classes: phrase('Classes'),
  new: phrase('New name: out of distribution'),
};

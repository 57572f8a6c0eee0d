import type { AppliedVerdicts } from './annotations';
import { formatCount, type Localisation } from './localisation';

/** What applying verdicts came to, in sentences: what a copy differs in, and which verdicts changed nothing. */
export function appliedText(applied: AppliedVerdicts, words: Localisation): string {
  const count = (value: number): string => formatCount(value, words);
  const { dropped, relabelled, confirmed, unmatched, unnamed, newClasses } = applied;
  const sentences = [
    words.t('Annotations dropped: {0}; relabelled: {1}.', count(dropped), count(relabelled)),
  ];
  if (newClasses.length > 0) sentences.push(words.t('New classes: {0}.', newClasses.join(', ')));
  if (confirmed > 0) sentences.push(words.t('As the verdict says already: {0}.', count(confirmed)));
  if (unmatched > 0)
    sentences.push(words.t('Verdicts on objects that no annotation holds: {0}.', count(unmatched)));
  if (unnamed > 0)
    sentences.push(
      words.t(
        'Left as they are, since nothing says which number their class has: {0}. Add a data.yaml with names, or categories.',
        count(unnamed),
      ),
    );
  return sentences.join(' ');
}

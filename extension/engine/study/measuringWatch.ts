import type { EvaluationProgress } from '../../protocol/evaluationRun';
import { TimeLeft } from '../timeLeft';
import type { EvaluationSet } from './evaluateFolders';

/** Follows the photos of all sets of an evaluation and tells how far it is. */
export class MeasuringWatch {
  private readonly timeLeft = new TimeLeft();
  private left: number;

  constructor(
    sets: readonly Pick<EvaluationSet, 'photos'>[],
    private readonly told: (progress: EvaluationProgress) => void,
  ) {
    this.left = sets.reduce((sum, { photos }) => sum + photos.length, 0);
  }

  /** One more photo of a set is done. @param photos of the set so far. */
  measured(set: Pick<EvaluationSet, 'name' | 'photos'>, photos: number): void {
    this.timeLeft.imageFinished();
    this.told({
      stage: { kind: 'measuring', set: set.name, photos, total: set.photos.length },
      secondsLeft: this.timeLeft.secondsFor(--this.left),
    });
  }
}

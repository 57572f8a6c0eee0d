import { isDeepStrictEqual } from 'node:util';
import type { ScoreForm } from '../pipeline/configuration';

/** Without labels: towers without an absolute calibration are scored relative to the other classes. */
export const unlabelledScore: ScoreForm = { kind: 'softmax', temperature: 0.03 };

/** The forms of the score that labels may choose from, the present one first. */
export function scoreFormsTried(present: ScoreForm): [ScoreForm, ...ScoreForm[]] {
  const others: ScoreForm[] = [{ kind: 'max' }, unlabelledScore];
  return [present, ...others.filter((form) => !isDeepStrictEqual(form, present))];
}

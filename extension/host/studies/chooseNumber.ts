import { askForNumber, type NumberQuestion } from './askForNumber';
import type { NumberLine } from './numberLines';
import { pickValue } from './pickValue';

/** One of the numbers of the lines, or another that the person types; null when they left. */
export async function chooseNumber(
  lines: readonly NumberLine[],
  question: Omit<NumberQuestion, 'usual'>,
): Promise<number | null> {
  const chosen = await pickValue(question.title, question.prompt, lines);
  if (chosen === undefined) return null;
  return chosen ?? askForNumber({ ...question, usual: lines[0].value ?? question.least });
}

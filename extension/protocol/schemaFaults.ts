import * as z from 'zod/mini';

// The small build brings no words of its own.
z.config(z.locales.en());

/** Faults that are told; of the others, how many there are. */
const told = 2;

/** What is wrong with a value, in part of a sentence: `vision.size: expected number, received undefined; 3 more faults`. */
export function schemaFaults({ issues }: z.core.$ZodError): string {
  const faults = issues.slice(0, told).map(({ path, message }) => {
    const where = path.map(String).join('.');
    const what = message
      .replace(/^Invalid input: /, '')
      .replace(/^Invalid input$/, 'not of the expected form');
    return where === '' ? what : `${where}: ${what}`;
  });
  const others = issues.length - faults.length;
  if (others > 0) faults.push(`${others} more ${others === 1 ? 'fault' : 'faults'}`);
  return faults.join('; ');
}

import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { comparisonFileSchema } from './comparison';
import { evaluationReportSchema } from './evaluation';
import { explanationSchema, resultsSchema } from './results';

/** The schemas others read our files by; a change shows in review, and `vitest -u` writes it. */
const published = {
  results: resultsSchema,
  explain: explanationSchema,
  evaluation: evaluationReportSchema,
  comparison: comparisonFileSchema,
};

describe('published schemas', () => {
  it.each(Object.entries(published))('%s is the one in use', async (name, schema) => {
    await expect(`${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`).toMatchFileSnapshot(
      `../../docs/schemas/${name}.schema.json`,
    );
  });
});

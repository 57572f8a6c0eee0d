import * as z from 'zod/mini';
import { expect, it } from 'vitest';
import { bundleManifestSchema, detectorManifestSchema } from './bundleManifest';

/** The schemas of what people write by hand; a change shows in review, and `vitest -u` writes it. */
const published = { detector: detectorManifestSchema, bundle: bundleManifestSchema };

it.each(Object.entries(published))(
  'the published schema of a %s description is the one in use',
  async (name, schema) => {
    await expect(`${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`).toMatchFileSnapshot(
      `../../docs/schemas/${name}.schema.json`,
    );
  },
);

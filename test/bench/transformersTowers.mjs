// The pass of an object's two views as transformers.js does it: embeddings alone, since it shows neither q and k nor the tokens.
//
// usage: node transformersTowers.mjs CLIP_FOLDER THREADS PACKAGES DTYPE; PACKAGES holds node_modules/@huggingface/transformers. For
// every line read, passes one object and prints the seconds it took.
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [folder, threads, packages, dtype] = process.argv.slice(2);
const entry = createRequire(join(resolve(packages), 'package.json')).resolve('@huggingface/transformers');
const { CLIPVisionModelWithProjection, Tensor, env } = await import(pathToFileURL(entry).href);
env.allowRemoteModels = false;
env.localModelPath = dirname(resolve(folder));
const model = await CLIPVisionModelWithProjection.from_pretrained(basename(resolve(folder)), {
  dtype,
  session_options: { intraOpNumThreads: Number(threads) },
});
const side = model.config.vision_config?.image_size ?? model.config.image_size;
const pixels = Float32Array.from({ length: 2 * 3 * side ** 2 }, (_, at) => Math.sin(at * 0.01));

// eslint-disable-next-line @typescript-eslint/no-unused-vars -- a line is a request and says nothing more
for await (const _ of createInterface({ input: process.stdin })) {
  const begun = performance.now();
  await model({ pixel_values: new Tensor('float32', pixels, [2, 3, side, side]) });
  console.log((performance.now() - begun) / 1000);
}

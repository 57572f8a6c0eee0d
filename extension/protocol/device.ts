import * as z from 'zod/mini';

/** What can compute the image tower besides the processor, where onnxruntime's binary for the platform has it. */
export const acceleratorSchema = z.enum(['coreml', 'dml', 'webgpu', 'cuda']);
export type Accelerator = z.infer<typeof acceleratorSchema>;

/** `auto`: the first accelerator that computes what the processor does, and faster. */
export const deviceSchema = z.enum(['cpu', 'auto', ...acceleratorSchema.options]);
export type Device = z.infer<typeof deviceSchema>;

/** A model computes on the processor although an accelerator was wanted. */
export const deviceFallbackSchema = z.object({
  /** Id of its bundle. */
  model: z.string(),
  wanted: deviceSchema,
  /** Where it computes and why, in a sentence for a person. */
  sentence: z.string(),
});
export type DeviceFallback = z.infer<typeof deviceFallbackSchema>;

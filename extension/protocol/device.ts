import * as z from 'zod/mini';

/** What can compute the image tower besides the processor, where onnxruntime's binary for the platform has it. */
export const acceleratorSchema = z.enum(['coreml', 'dml', 'webgpu', 'cuda']);
export type Accelerator = z.infer<typeof acceleratorSchema>;

/** `auto`: the first accelerator that computes what the processor does, and faster. */
export const deviceSchema = z.enum(['cpu', 'auto', ...acceleratorSchema.options]);
export type Device = z.infer<typeof deviceSchema>;

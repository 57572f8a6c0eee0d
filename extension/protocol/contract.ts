import type * as z from 'zod/mini';

/** A request: its name on the wire and the schemas of what it takes and what it gives. Every request ends in a result or an error. */
export interface RequestContract<Params, Result> {
  readonly method: string;
  readonly params: z.ZodMiniType<Params>;
  readonly result: z.ZodMiniType<Result>;
}

/** A message that expects no answer. */
export interface NotificationContract<Params> {
  readonly method: string;
  readonly params: z.ZodMiniType<Params>;
}

export function request<Params, Result>(
  method: string,
  params: z.ZodMiniType<Params>,
  result: z.ZodMiniType<Result>,
): RequestContract<Params, Result> {
  return { method, params, result };
}

export function notification<Params>(
  method: string,
  params: z.ZodMiniType<Params>,
): NotificationContract<Params> {
  return { method, params };
}

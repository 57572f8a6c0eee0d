/** How many threads of their own a bundle's models get, and how many threads each of their operators. */
export interface WorkerPlan {
  workers: number;
  threadsEach: number;
}

/** Larger image towers are held once: their operators are big enough to keep several threads busy. */
export const largestShared = 64 * 2 ** 20;
/** More hold more memory than their speed is worth. */
const mostWorkers = 4;

/**
 * Photos side by side where the model is small: its operators split badly, and preparing views is then shared as well.
 *
 * @param threads wanted by the person; 0: as many as there are processors.
 * @param towerBytes size of the image tower's file.
 */
export function planWorkers(threads: number, processors: number, towerBytes: number): WorkerPlan {
  // More threads than processors only wait for each other.
  const total = Math.min(threads || processors, processors);
  const workers = towerBytes > largestShared ? 1 : Math.min(total, mostWorkers);
  return { workers, threadsEach: Math.floor(total / workers) };
}

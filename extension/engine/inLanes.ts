/**
 * Does `work` for every item, one at a time in each lane, in the order of the list as lanes fall free.
 *
 * @throws the first failure, when every lane has ended.
 */
export async function inLanes<Item, Lane>(
  items: readonly Item[],
  lanes: readonly Lane[],
  work: (item: Item, lane: Lane) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let failed = false;
  const all = async (lane: Lane): Promise<void> => {
    try {
      for (const item of queue) {
        if (failed) return;
        await work(item, lane);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const ends = await Promise.allSettled(lanes.map(all));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure) throw failure.reason;
}

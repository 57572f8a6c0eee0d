import type { Membership } from './membership';
import { unitMeans, type MeasuredDirections } from './unitMeans';

/** Of each object the member of its group that lies nearest to the mean of all, the first of equals. */
export function representatives(directions: MeasuredDirections, membership: Membership): Uint32Array {
  const { members, starts } = membership;
  const standsFor = new Uint32Array(members.length);
  for (let group = 0; group + 1 < starts.length; group++) {
    const own = members.subarray(starts[group], starts[group + 1]);
    const best = own.length < 3 ? Math.min(...own) : nearestToMean(directions, membership, group);
    for (const member of own) standsFor[member] = best;
  }
  return standsFor;
}

function nearestToMean(directions: MeasuredDirections, membership: Membership, group: number): number {
  const { values, width, lengths } = directions;
  const { members, starts } = membership;
  const mean = unitMeans(directions, membership, Uint32Array.of(group));
  let best = -1;
  let most = -Infinity;
  for (let place = starts[group]; place < starts[group + 1]; place++) {
    const row = members[place] * width;
    let product = 0;
    for (let k = 0; k < width; k++) product += mean[k] * values[row + k];
    const cosine = product / lengths[members[place]];
    if (cosine > most || (cosine === most && members[place] < best)) {
      most = cosine;
      best = members[place];
    }
  }
  return best;
}

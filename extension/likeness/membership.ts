/** Objects in groups: those of group g are `members` from `starts[g]` up to `starts[g + 1]`. */
export interface Membership {
  readonly members: Uint32Array;
  readonly starts: Uint32Array;
}

/** Every object a group of its own. */
export function singles(objects: number): Membership {
  return {
    members: Uint32Array.from({ length: objects }, (_, at) => at),
    starts: Uint32Array.from({ length: objects + 1 }, (_, at) => at),
  };
}

/** Groups of groups. @param joined of each group the number of the one that it is joined to, which is joined to itself. */
export function groupedBy({ members, starts }: Membership, joined: Uint32Array): Membership {
  const sizes = new Uint32Array(joined.length);
  joined.forEach((into, group) => (sizes[into] += starts[group + 1] - starts[group]));
  const kept = Uint32Array.from(joined.keys()).filter((group) => joined[group] === group);
  const newStarts = new Uint32Array(kept.length + 1);
  const next = new Uint32Array(joined.length);
  kept.forEach((group, at) => {
    next[group] = newStarts[at];
    newStarts[at + 1] = newStarts[at] + sizes[group];
  });
  const newMembers = new Uint32Array(members.length);
  joined.forEach((into, group) => {
    for (let place = starts[group]; place < starts[group + 1]; place++)
      newMembers[next[into]++] = members[place];
  });
  return { members: newMembers, starts: newStarts };
}

/** Names that datasets use for the same thing; both sides in lower case. */
const sameThing = new Map([
  ['aeroplane', 'airplane'],
  ['motorbike', 'motorcycle'],
  ['diningtable', 'dining table'],
  ['pottedplant', 'potted plant'],
  ['sofa', 'couch'],
  ['tvmonitor', 'tv'],
]);

/** A class name in the form names are compared in: lower case, single spaces, the commoner of two names for one thing. */
export function comparableName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[\s_]+/g, ' ')
    .trim();
  return sameThing.get(plain) ?? plain;
}

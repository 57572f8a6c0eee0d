import { comparableName } from '../../protocol/comparableName';

/**
 * Names that datasets give to the same thing: Pascal VOC, COCO, BDD100K, Open Images, ImageNet and Objects365. Kinds of a
 * thing (a laptop for a computer) are not the same thing and stay out, but for people, whom some sets only know by kind.
 */
const groups: readonly (readonly string[])[] = [
  ['airplane', 'aeroplane', 'plane', 'aircraft', 'airliner'],
  ['bicycle', 'bike', 'pushbike'],
  ['motorcycle', 'motorbike', 'motor', 'motor bike'],
  ['car', 'automobile', 'motorcar'],
  ['couch', 'sofa', 'settee', 'sofa bed', 'studio couch'],
  ['tv', 'television', 'tv monitor', 'tvmonitor', 'television set', 'monitor/tv'],
  ['dining table', 'diningtable', 'kitchen & dining room table', 'dinner table', 'dinning table'],
  ['potted plant', 'pottedplant', 'houseplant', 'house plant', 'flowerpot'],
  ['person', 'people', 'human', 'pedestrian', 'man', 'woman', 'boy', 'girl', 'child'],
  ['cow', 'cattle', 'bull', 'ox'],
  ['boat', 'ship', 'watercraft'],
  ['train', 'railway train'],
  ['mobile phone', 'cell phone', 'cellphone', 'cellular telephone', 'smartphone'],
  ['refrigerator', 'fridge', 'icebox'],
  ['hair dryer', 'hair drier', 'hair drier/blower', 'blow dryer'],
  ['donut', 'doughnut'],
  ['soccer ball', 'football'],
  ['mouse (computer)', 'computer mouse'],
  ['traffic sign', 'street sign'],
  ['stop sign', 'stop signal'],
  ['handbag', 'hand bag', 'purse'],
  ['suitcase', 'luggage'],
  ['skateboard', 'skate board'],
  ['frisbee', 'flying disc'],
  ['bow tie', 'bowtie'],
  ['teddy bear', 'teddy', 'plush bear'],
  ['hot dog', 'hotdog', 'red hot'],
  ['microwave', 'microwave oven'],
  ['remote', 'remote control'],
  ['keyboard', 'computer keyboard'],
  ['laptop', 'laptop computer', 'notebook computer'],
  ['wine glass', 'wineglass'],
  ['truck', 'lorry'],
  ['bus', 'autobus', 'omnibus', 'coach'],
  ['sheep', 'ram'],
];

const groupOf = new Map(groups.flatMap((names, group) => names.map((name) => [canonical(name), group])));

/** Whether two names mean the same class: alike but for case and spacing, one the plural of the other, or aliases. */
export function sameClass(one: string, other: string): boolean {
  return reasonForSame(one, other) !== null;
}

/** A label of the OOD side that names a class of the ID list. */
export interface OverlappingLabel {
  label: string;
  /** How many of the labels say so. */
  objects: number;
  reason: string;
}

/**
 * The labels of an OOD set that name a known class, which may not be measured as unknown.
 *
 * @param oodLabels one entry an object. @returns in the order they first come.
 */
export function removeOverlap(
  idClasses: readonly string[],
  oodLabels: readonly string[],
): OverlappingLabel[] {
  const counts = new Map<string, number>();
  for (const label of oodLabels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].flatMap(([label, objects]) => {
    for (const name of idClasses) {
      const reason = reasonForSame(name, label);
      if (reason !== null) return [{ label, objects, reason }];
    }
    return [];
  });
}

function reasonForSame(known: string, label: string): string | null {
  const [one, other] = [canonical(known), canonical(label)];
  if (known.trim().toLowerCase() === label.trim().toLowerCase()) return 'a class of the list';
  if (one === other) return `another spelling of ${known}`;
  if (comparableName(known) === comparableName(label)) return `another name of ${known}`;
  const group = groupOf.get(one);
  return group !== undefined && group === groupOf.get(other) ? `another name of ${known}` : null;
}

/** Lower case, one space between words, the last word in the singular. */
function canonical(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim()
    .replace(/(?<=[a-z]{3})(?:(?<=s|x|ch|sh)es|(?<!s)s)$/, '');
}

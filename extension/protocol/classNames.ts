/** Names that datasets give to the same thing: Pascal VOC, COCO, BDD100K, Open Images, ImageNet and Objects365. */
const synonyms: readonly (readonly string[])[] = [
  ['airplane', 'aeroplane', 'plane'],
  ['bicycle', 'bike', 'pushbike'],
  ['motorcycle', 'motorbike', 'motor', 'motor bike'],
  ['car', 'automobile', 'motorcar'],
  ['couch', 'sofa', 'settee'],
  ['tv', 'television', 'tv monitor', 'tvmonitor', 'television set', 'monitor/tv'],
  ['dining table', 'diningtable', 'kitchen & dining room table', 'dinner table', 'dinning table'],
  ['potted plant', 'pottedplant', 'houseplant', 'house plant'],
  ['person', 'people', 'human'],
  ['cow', 'cattle'],
  ['train', 'railway train'],
  ['cell phone', 'mobile phone', 'cellphone', 'cellular telephone'],
  ['refrigerator', 'fridge', 'icebox'],
  ['hair drier', 'hair dryer', 'hair drier/blower', 'blow dryer'],
  ['donut', 'doughnut'],
  ['mouse (computer)', 'computer mouse'],
  ['traffic sign', 'street sign'],
  ['handbag', 'hand bag', 'purse'],
  ['skateboard', 'skate board'],
  ['frisbee', 'flying disc'],
  ['bow tie', 'bowtie'],
  ['teddy bear', 'teddy'],
  ['hot dog', 'hotdog', 'red hot'],
  ['microwave', 'microwave oven'],
  ['remote', 'remote control'],
  ['keyboard', 'computer keyboard'],
  ['laptop', 'laptop computer', 'notebook computer'],
  ['wine glass', 'wineglass'],
  ['truck', 'lorry'],
  ['bus', 'autobus', 'omnibus'],
];

/**
 * What some sets know by kind only: the wider name, then kinds of it. A kind is one of the wider class, not the other way; of two
 * kinds of one name, a label of the one could mean the other. Kinds that stand here are known and no others, such as
 * breeds of dogs.
 */
const kinds: readonly (readonly [string, ...string[]])[] = [
  ['person or part of one', 'person', 'human face', 'human head', 'human body'],
  ['person', 'pedestrian', 'rider', 'cyclist', 'motorcyclist', 'skier', 'baseball player'],
  ['person', 'man', 'men', 'woman', 'women', 'boy', 'girl', 'child', 'children', 'baby'],
  ['traffic sign', 'stop sign'],
  ['aircraft', 'airplane'],
  ['airplane', 'airliner', 'biplane', 'fighter jet', 'jet'],
  ['car or van', 'car', 'van', 'minivan'],
  ['car', 'taxi', 'cab', 'limousine', 'sports car', 'convertible', 'police car'],
  ['bus', 'coach', 'minibus', 'school bus', 'trolleybus', 'double decker bus'],
  ['train', 'bullet train', 'freight train', 'passenger train'],
  ['bicycle', 'mountain bike', 'tandem bicycle', 'bicycle built for two'],
  ['motorcycle', 'moped', 'motor scooter'],
  ['watercraft', 'boat', 'ship'],
  [
    'boat',
    'canoe',
    'kayak',
    'gondola',
    'lifeboat',
    'speedboat',
    'sailboat',
    'rowboat',
    'yacht',
    'fishing boat',
  ],
  [
    'bird',
    'duck',
    'goose',
    'swan',
    'owl',
    'eagle',
    'hawk',
    'falcon',
    'parrot',
    'chicken',
    'hen',
    'rooster',
    'turkey',
  ],
  [
    'bird',
    'ostrich',
    'penguin',
    'raven',
    'crow',
    'sparrow',
    'woodpecker',
    'seagull',
    'gull',
    'pigeon',
    'flamingo',
  ],
  ['cat', 'kitten', 'tabby', 'tiger cat', 'persian cat', 'siamese cat', 'egyptian cat'],
  ['dog', 'puppy'],
  ['horse', 'pony', 'foal'],
  ['cow', 'bull', 'ox', 'calf'],
  ['sheep', 'ram', 'lamb'],
  ['bottle', 'beer bottle', 'wine bottle', 'water bottle', 'pop bottle', 'plastic bottle'],
  ['chair', 'armchair', 'rocking chair', 'folding chair', 'swivel chair', 'office chair'],
  ['couch', 'sofa bed', 'studio couch', 'loveseat'],
  ['table', 'dining table', 'coffee table', 'kitchen table'],
  ['planter', 'potted plant', 'flowerpot'],
  ['luggage', 'suitcase'],
  ['football', 'soccer ball'],
  ['cell phone', 'smartphone'],
  ['teddy bear', 'plush bear'],
];

const commonest = new Map(
  synonyms.flatMap((names) => names.map((name) => [spelling(name), spelling(names[0])])),
);
const widerNames = new Map<string, string>(
  kinds.flatMap(([wider, ...narrower]) =>
    narrower.map((name): [string, string] => [comparableName(name), comparableName(wider)]),
  ),
);

/** Alike but for case and spacing. */
function plain(name: string): string {
  return name.toLowerCase().replace(/\s+/g, ' ').trim();
}

/** Lower case, one space between words, the last word in the singular. */
function spelling(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim()
    .replace(/(?<=[a-z]{3})(?:(?<=s|x|ch|sh)es|(?<!s)s)$/, '');
}

/** A class name in the form in which two names of one thing are equal: its spelling, and the commonest of its synonyms. */
export function comparableName(name: string): string {
  const spelled = spelling(name);
  return commonest.get(spelled) ?? spelled;
}

/** Whether two names mean the same class: alike but for case and spacing, one the plural of the other, or synonyms. */
export function sameClass(one: string, other: string): boolean {
  return comparableName(one) === comparableName(other);
}

/** What a label says of a class list. */
export type LabelMeaning =
  /** It names this class, the place in the list, by its name, another spelling or synonym, or as a kind of it. */
  | { is: 'class'; place: number; by: 'name' | 'spelling' | 'synonym' | 'kind' }
  /** It might be one of the list: it names several classes alike, or something wider than a class or akin to it. */
  | { is: 'unclear'; near: number }
  | { is: 'outside' };

/** Reads labels against a class list. To be kept where many are read: it holds an index of the names. */
export type LabelMeanings = (label: string) => LabelMeaning;

/**
 * The one rule by which labels are read against a class list. A label is the class with its very name; else the one class
 * that is spelled alike, a synonym, or wider than it. What could be a class and is not surely one is neither inside
 * nor outside.
 */
export function labelMeanings(classes: readonly string[]): LabelMeanings {
  const named = placesBy(classes, plain);
  const spelled = placesBy(classes, spelling);
  const meant = placesBy(classes, comparableName);
  const nearBy = placesBy(classes, (name) => widerNames.get(comparableName(name)) ?? null);
  const known = new Map<string, LabelMeaning>();
  const read = (label: string): LabelMeaning => {
    const name = comparableName(label);
    const wider = widersOf(name);
    const steps = [
      ['name', named.get(plain(label))],
      ['spelling', spelled.get(spelling(label))],
      ['synonym', meant.get(name)],
      ...wider.map((one) => ['kind', meant.get(one)] as const),
    ] as const;
    for (const [by, places] of steps) {
      if (places?.length === 1 || (places && by === 'name')) return { is: 'class', place: places[0], by };
      if (places) return { is: 'unclear', near: places[0] };
    }
    const near = [name, ...wider].flatMap((one) => nearBy.get(one) ?? [])[0];
    return near === undefined ? { is: 'outside' } : { is: 'unclear', near };
  };
  return (label) => {
    const found = known.get(label) ?? read(label);
    known.set(label, found);
    return found;
  };
}

/** The names that are wider than one, from the next to the widest. */
function widersOf(name: string): string[] {
  const wider = widerNames.get(name);
  return wider === undefined ? [] : [wider, ...widersOf(wider)];
}

function placesBy(
  classes: readonly string[],
  keyOf: (name: string) => string | null,
): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  classes.forEach((name, place) => {
    const key = keyOf(name);
    if (key !== null) places.set(key, [...(places.get(key) ?? []), place]);
  });
  return places;
}

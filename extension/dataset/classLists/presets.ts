import imagenet from './imagenet.json';

/** The 20 classes of Pascal VOC, in words a text tower knows. */
const voc = [
  'airplane',
  'bicycle',
  'bird',
  'boat',
  'bottle',
  'bus',
  'car',
  'cat',
  'chair',
  'cow',
  'dining table',
  'dog',
  'horse',
  'motorcycle',
  'person',
  'potted plant',
  'sheep',
  'couch',
  'train',
  'tv',
];

/** The 10 detection classes of BDD100K. */
const bdd = [
  'pedestrian',
  'rider',
  'car',
  'truck',
  'bus',
  'train',
  'motorcycle',
  'bicycle',
  'traffic light',
  'traffic sign',
];

/** The 80 detection classes of COCO. */
const coco = [
  'person',
  'bicycle',
  'car',
  'motorcycle',
  'airplane',
  'bus',
  'train',
  'truck',
  'boat',
  'traffic light',
  'fire hydrant',
  'stop sign',
  'parking meter',
  'bench',
  'bird',
  'cat',
  'dog',
  'horse',
  'sheep',
  'cow',
  'elephant',
  'bear',
  'zebra',
  'giraffe',
  'backpack',
  'umbrella',
  'handbag',
  'tie',
  'suitcase',
  'frisbee',
  'skis',
  'snowboard',
  'sports ball',
  'kite',
  'baseball bat',
  'baseball glove',
  'skateboard',
  'surfboard',
  'tennis racket',
  'bottle',
  'wine glass',
  'cup',
  'fork',
  'knife',
  'spoon',
  'bowl',
  'banana',
  'apple',
  'sandwich',
  'orange',
  'broccoli',
  'carrot',
  'hot dog',
  'pizza',
  'donut',
  'cake',
  'chair',
  'couch',
  'potted plant',
  'bed',
  'dining table',
  'toilet',
  'tv',
  'laptop',
  'mouse',
  'remote',
  'keyboard',
  'cell phone',
  'microwave',
  'oven',
  'toaster',
  'sink',
  'refrigerator',
  'book',
  'clock',
  'vase',
  'scissors',
  'teddy bear',
  'hair drier',
  'toothbrush',
];

export interface ClassListPreset {
  id: 'voc' | 'bdd' | 'coco' | 'imagenet';
  title: string;
  names: readonly string[];
}

/** Class lists that need no file. */
export const classListPresets: readonly ClassListPreset[] = [
  { id: 'voc', title: 'Pascal VOC', names: voc },
  { id: 'bdd', title: 'BDD100K', names: bdd },
  { id: 'coco', title: 'COCO', names: coco },
  { id: 'imagenet', title: 'ImageNet-1k', names: imagenet.names },
];

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

import * as z from 'zod/mini';
import { mapKinds } from '../maps/colourMaps';
import type { VsCodeApi } from '../messages/vscodeApi';
import { changeNames } from '../objects/changes';
import { shownObjects } from '../objects/objectFilter';
import { groupingNames } from '../objects/objectGroups';
import { lowestScoreFirst, orderNames } from '../objects/objectOrder';

const roomSchema = z.object({
  upperShare: z.nullable(z.number().check(z.gte(0), z.lte(1))),
  listWidth: z.nullable(z.number()),
  whyWidth: z.nullable(z.number()),
  histogramChosen: z.nullable(z.boolean()),
});
/** As the window asks: nobody moved an edge yet. */
const unmovedRoom: z.infer<typeof roomSchema> = {
  upperShare: null,
  listWidth: null,
  whyWidth: null,
  histogramChosen: null,
};

const savedViewSchema = z.object({
  focusedId: z.nullable(z.string()),
  selectedIds: z._default(z.array(z.string()), []),
  text: z.string(),
  shown: z.enum(shownObjects),
  order: z.object({ by: z.enum(orderNames), descending: z.boolean() }),
  labelDiffers: z._default(z.boolean(), false),
  scores: z._default(z.nullable(z.object({ least: z.number(), most: z.number() })), null),
  change: z._default(z.nullable(z.enum(changeNames)), null),
  groupBy: z._default(z.enum(groupingNames), 'none'),
  /** Names of the groups that are folded. */
  folded: z._default(z.array(z.string()), []),
  map: z.enum(mapKinds),
  opacity: z.number().check(z.gte(0.1), z.lte(1)),
  boxes: z.boolean(),
  /** The object at the upper edge of the list: an id, since pixels mean nothing once the list changed. */
  anchorId: z.nullable(z.string()),
  room: z._default(roomSchema, unmovedRoom),
});

/** What a person was looking at; kept by VS Code while the page is hidden or reloaded. */
export type SavedView = z.infer<typeof savedViewSchema>;

export const firstView: SavedView = {
  focusedId: null,
  selectedIds: [],
  text: '',
  shown: 'flagged',
  order: lowestScoreFirst,
  labelDiffers: false,
  scores: null,
  change: null,
  groupBy: 'none',
  folded: [],
  map: 'combined',
  opacity: 0.65,
  boxes: true,
  anchorId: null,
  room: unmovedRoom,
};

/** What was kept for this page, or the first view where there is nothing that can be read. */
export function readSavedView(api: VsCodeApi): SavedView {
  const parsed = z.safeParse(savedViewSchema, api.getState());
  return parsed.success ? parsed.data : firstView;
}

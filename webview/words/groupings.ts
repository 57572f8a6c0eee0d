import { phrase } from '../../extension/protocol/localisation';
import { aloneName, commonName, isGroupOfAlike, notComparedName } from '../objects/alikeKeys';
import { newNameOfGroup } from '../objects/newNameKeys';
import type { GroupingName } from '../objects/objectGroups';
import type { ObjectTable } from '../objects/objectTable';
import { splitPath } from './files';
import { t } from './localise';
import { countOf } from './numbers';

/** What a grouping of the list is called. */
export const groupingWords: Record<GroupingName, string> = {
  none: phrase('No groups'),
  image: phrase('By image'),
  class: phrase('By class'),
  newName: phrase('By new name'),
  likeness: phrase('By likeness'),
};

/** What the head of a group says, what it is called where it is not seen, and what it says when it is pointed at. */
export interface GroupWords {
  readonly title: string;
  readonly subject: string;
  readonly tooltip: string;
}

/** @param name of the group, as its keys give it. @param rows those of the group that are listed. */
export function groupWords(
  by: GroupingName,
  name: string,
  rows: Uint32Array,
  scan: { readonly table: ObjectTable; readonly classes: readonly string[] },
): GroupWords {
  const objects = countOf(rows.length, 'object');
  const subject = t('{0} of {1}', objects, name);
  if (by === 'image') return { title: splitPath(name).name, subject, tooltip: name };
  if (by === 'class') return { title: name, subject, tooltip: name };
  if (by === 'newName') {
    const given = newNameOfGroup(name);
    if (given !== null) return { title: given, subject: t('{0} of {1}', objects, given), tooltip: given };
    return {
      title: t('Without a new name'),
      subject: t('{0} without a new name', objects),
      tooltip: t('No verdict gave these a name that is not in the class list'),
    };
  }
  if (name === aloneName)
    return {
      title: t('Alone'),
      subject: t('{0} like no other in this list', objects),
      tooltip: t('Like no other object in this list'),
    };
  if (name === notComparedName)
    return {
      title: t('Not compared'),
      subject: t('{0} not compared', objects),
      tooltip: t(
        'Found since the groups were made, or scanned before likeness was stored. Refresh the list to compare.',
      ),
    };
  return alikeWords(rows, objects, scan);
}

/** Whether one verdict can be about all of a group: what is alone, or has no new name, has nothing in common. */
export function hasSomethingInCommon(by: GroupingName, name: string): boolean {
  if (by === 'likeness') return isGroupOfAlike(name);
  return by !== 'newName' || newNameOfGroup(name) !== null;
}

function alikeWords(
  rows: Uint32Array,
  objects: string,
  { table, classes }: Parameters<typeof groupWords>[3],
): GroupWords {
  const { name, isOfAll } = commonName(
    rows,
    (row) => table.assignedClassOf(row) ?? classes[table.predictedClass[row]] ?? '',
  );
  const title = isOfAll ? name : t('mostly {0}', name);
  const file = table.fileOf(rows[0]);
  return {
    title,
    subject: t('{0}, {1}, like the one in {2}', objects, title, file),
    tooltip: t('Alike: {0}', title),
  };
}

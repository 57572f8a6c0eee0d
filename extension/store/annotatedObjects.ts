import { isEditableFormat } from '../protocol/annotationSource';
import { labelReader } from '../protocol/labelDisagreement';
import type { LabelReaders } from './objectQueries';
import type { StoredScan } from './scanQueries';

/** Tells by the label of an object whether an annotation file holds it. */
export type AnnotatedReader = (label: string | null) => boolean;

/**
 * Which objects of a scan an annotation file holds: all where the boxes were given; where they were detected, those that
 * were matched with an annotation and so carry its label.
 */
export function annotatedReader({
  annotations,
  configuration,
}: Pick<StoredScan, 'annotations' | 'configuration'>): AnnotatedReader {
  if (annotations === null || !isEditableFormat(annotations.format)) return () => false;
  return configuration.boxes === 'detector' ? (label) => label !== null : () => true;
}

/** Reads what the dataset says of a scan's objects. */
export function labelReaders(
  scan: Pick<StoredScan, 'annotations' | 'configuration' | 'classes'>,
): LabelReaders {
  return { labelled: labelReader(scan.classes), annotated: annotatedReader(scan) };
}

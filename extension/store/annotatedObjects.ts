import { isEditableFormat } from '../protocol/annotationSource';
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

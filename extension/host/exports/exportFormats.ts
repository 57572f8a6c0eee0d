import { l10n } from 'vscode';
import type { ExportFormat } from '../../protocol/engine';

interface FormatDescription {
  name: string;
  /** What it is for. */
  use: string;
  /** End of the names of its files, or of its folder. */
  ending: string;
}

/** How each export format is called, in the order they are offered. */
export function describeFormats(): Record<ExportFormat, FormatDescription> {
  return {
    json: {
      name: l10n.t('JSON'),
      use: l10n.t('For scripts: all that is known of each object, by a published schema'),
      ending: 'json',
    },
    coco: {
      name: l10n.t('COCO'),
      use: l10n.t('For labelling tools and pycocotools, with scores; can be scanned again by its boxes'),
      ending: 'coco.json',
    },
    html: {
      name: l10n.t('HTML Report'),
      use: l10n.t('For someone without VS Code: this review in one file, read-only, with pictures and maps'),
      ending: 'html',
    },
    csv: {
      name: l10n.t('CSV'),
      use: l10n.t('For spreadsheets and notebooks: one object a line'),
      ending: 'csv',
    },
    list: {
      name: l10n.t('List of Files'),
      use: l10n.t('For copying or moving: the photos that hold the objects, one a line'),
      ending: 'txt',
    },
    yolo: {
      name: l10n.t('YOLO'),
      use: l10n.t('For training a detector: labels of what is in distribution, without the flagged objects'),
      ending: 'yolo',
    },
  };
}

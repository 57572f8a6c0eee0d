import {
  EventEmitter,
  FileDecoration,
  ThemeColor,
  Uri,
  workspace,
  type Disposable,
  type FileDecorationProvider,
} from 'vscode';
import type { ScanReference, ScanSummary } from '../../protocol/scan';
import type { ScanCatalogue } from '../scans/scanCatalogue';
import type { FlaggedObject } from '../scans/scanObjects';
import { explorerSetting, settings } from '../settings';
import { localisation } from '../vscodeLocalisation';
import { newestByFolder, unreviewedText } from './decorationText';

/** Nothing else decorates what stands in the tree. */
const scanScheme = 'uni-ood-scan';
const objectScheme = 'uni-ood-object';
const color = new ThemeColor('list.warningForeground');

/** Milliseconds between two looks at what changed while results stream in. */
const lookInterval = 500;

/** What a scan of the tree is decorated by. */
export const scanUri = ({ folder, scanId }: ScanReference): Uri =>
  Uri.from({ scheme: scanScheme, path: Uri.file(folder).path, query: scanId });

/** What an object of the tree is decorated by: it says all that there is to tell. */
export const objectUri = ({ scanId }: ScanReference, { id, verdict }: FlaggedObject): Uri =>
  Uri.from({ scheme: objectScheme, path: `/${scanId}/${id}`, query: verdict ?? '' });

/**
 * Decorates scans of the tree and, by choice, scanned folders of the Explorer with the number of flagged objects that carry no
 * verdict yet, and colours those objects. It asks the engine for nothing: scans are decorated once the catalogue knows them.
 */
export class ScanDecorations implements FileDecorationProvider, Disposable {
  private readonly changed = new EventEmitter<Uri[]>();
  readonly onDidChangeFileDecorations = this.changed.event;
  private readonly subscriptions: Disposable[];
  private looking: NodeJS.Timeout | null = null;
  /** By path; null: to be made anew, since the Explorer asks of every file that it shows. */
  private newest: Map<string, ScanSummary> | null = null;
  /** What was decorated, so that what is gone is taken off. */
  private decorated: Uri[] = [];

  constructor(private readonly catalogue: ScanCatalogue) {
    this.subscriptions = [
      this.changed,
      catalogue.onDidChange(() => {
        this.newest = null;
        this.lookSoon();
      }),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(explorerSetting)) this.lookSoon();
      }),
    ];
  }

  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    switch (uri.scheme) {
      case objectScheme:
        return uri.query === '' ? new FileDecoration(undefined, undefined, color) : undefined;
      case scanScheme:
        return this.ofScan(uri);
      case 'file':
        return settings.explorerDecorations() ? this.ofFolder(uri) : undefined;
      default:
        return undefined;
    }
  }

  dispose(): void {
    if (this.looking) clearTimeout(this.looking);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private ofScan(uri: Uri): FileDecoration | undefined {
    const named = uri.toString();
    const summary = this.catalogue.scans().find(({ reference }) => scanUri(reference).toString() === named);
    return summary && decoration(unreviewedText(summary, localisation()));
  }

  private ofFolder(uri: Uri): FileDecoration | undefined {
    this.newest ??= newestByFolder(this.catalogue.scans());
    const summary = this.newest.get(uri.fsPath);
    return summary && decoration(unreviewedText(summary, localisation()));
  }

  private lookSoon(): void {
    this.looking ??= setTimeout(() => {
      this.looking = null;
      const before = this.decorated;
      this.decorated = this.catalogue
        .scans()
        .flatMap(({ reference }) => [scanUri(reference), Uri.file(reference.folder)]);
      this.changed.fire([...before, ...this.decorated]);
    }, lookInterval);
  }
}

function decoration(text: { badge: string; tooltip: string } | null): FileDecoration | undefined {
  return text === null ? undefined : new FileDecoration(text.badge, text.tooltip, color);
}

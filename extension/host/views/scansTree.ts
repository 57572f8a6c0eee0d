import { EventEmitter, l10n, type Disposable, type TreeDataProvider, type TreeItem } from 'vscode';
import { snapshotScan } from '../../protocol/engine';
import type { ObjectColumns, ScanReference, ScanSummary } from '../../protocol/scan';
import type { EngineClient } from '../engineProcess/engineClient';
import type { ReviewSession } from '../review/reviewSession';
import { sameScan, type ScanCatalogue } from '../scans/scanCatalogue';
import { ScanObjects } from '../scans/scanObjects';
import { moreItem, objectItem, scanItem, leftOutItem, type ScanNode } from './scanItems';

export const scansViewId = 'uniOod.scans';

/** So many flagged objects are listed below a scan; the review screen lists all. */
const listedObjects = 200;

/** Milliseconds between two drawings of the tree while results stream in. */
const drawInterval = 300;

/** *Scans*: each scan with its flagged objects, most suspicious first. Objects are read when a scan is unfolded. */
export class ScansTree implements TreeDataProvider<ScanNode>, Disposable {
  private readonly changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscriptions: Disposable[];
  private unfolded: { reference: ScanReference; objects: ScanObjects }[] = [];
  private drawing: NodeJS.Timeout | null = null;

  constructor(
    private readonly engine: EngineClient,
    private readonly catalogue: ScanCatalogue,
    session: ReviewSession,
  ) {
    this.subscriptions = [
      this.changed,
      catalogue.onDidChange((summary) => this.follow(summary)),
      engine.onObjectsAdded(({ reference, columns }) => this.append(reference, columns)),
      session.onDidDecide(({ reference, changes }) => {
        for (const { reference: other, objects } of this.unfolded)
          if (other.folder === reference.folder) objects.decide(changes); // verdicts belong to objects
        this.drawSoon();
      }),
    ];
  }

  async getChildren(node?: ScanNode): Promise<ScanNode[]> {
    if (!node) {
      await this.catalogue.load();
      return this.catalogue.scans().map(({ reference }) => ({ kind: 'scan', reference }));
    }
    return node.kind === 'scan' ? this.children(node.reference) : [];
  }

  getTreeItem(node: ScanNode): TreeItem {
    switch (node.kind) {
      case 'scan':
        return this.scanItem(node.reference);
      case 'object':
        return objectItem(node.reference, node.object);
      case 'more':
        return moreItem(node.reference, node.count);
      case 'leftOut':
        return leftOutItem(node.reference, node.count);
    }
  }

  dispose(): void {
    if (this.drawing) clearTimeout(this.drawing);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private scanItem(reference: ScanReference): TreeItem {
    const summary = this.catalogue.find(reference);
    if (!summary) throw new Error(l10n.t('The scan of {0} is gone.', reference.folder));
    const others = this.catalogue
      .scans()
      .filter((other) => other !== summary && other.reference.folder === reference.folder);
    const progress = this.catalogue.progress(reference);
    return scanItem(summary, progress, this.catalogue.failure(reference), others);
  }

  private async children(reference: ScanReference): Promise<ScanNode[]> {
    const objects = this.objectsOf(reference) ?? (await this.read(reference));
    const { objects: listed, total } = objects.mostSuspicious(listedObjects);
    const summary = this.catalogue.find(reference);
    const leftOut = summary ? summary.images.unreadable + summary.leftOut : 0;
    return [
      ...listed.map((object): ScanNode => ({ kind: 'object', reference, object })),
      ...(total > listed.length ? [{ kind: 'more', reference, count: total - listed.length } as const] : []),
      ...(leftOut > 0 ? [{ kind: 'leftOut', reference, count: leftOut } as const] : []),
    ];
  }

  private async read(reference: ScanReference): Promise<ScanObjects> {
    const objects = new ScanObjects(await this.engine.request(snapshotScan, reference));
    this.forget(reference);
    this.unfolded.push({ reference, objects });
    return objects;
  }

  private objectsOf(reference: ScanReference): ScanObjects | undefined {
    return this.unfolded.find((entry) => sameScan(entry.reference, reference))?.objects;
  }

  private forget(reference: ScanReference): void {
    this.unfolded = this.unfolded.filter((entry) => !sameScan(entry.reference, reference));
  }

  private append(reference: ScanReference, columns: ObjectColumns): void {
    const objects = this.objectsOf(reference);
    if (!objects) return;
    if (!objects.append(columns)) this.forget(reference); // read again when drawn
    this.drawSoon();
  }

  private follow(summary: ScanSummary | undefined): void {
    const objects = summary && this.objectsOf(summary.reference);
    if (summary && objects) objects.threshold = summary.threshold;
    else this.unfolded = this.unfolded.filter(({ reference }) => this.catalogue.find(reference));
    this.drawSoon();
  }

  private drawSoon(): void {
    this.drawing ??= setTimeout(() => {
      this.drawing = null;
      this.changed.fire(undefined);
    }, drawInterval);
  }
}

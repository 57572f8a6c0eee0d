import { commands, type Disposable } from 'vscode';
import { isCancellation } from '../../messaging/typedConnection';
import type { Command, HostServices } from '../hostServices';
import { showFailure } from '../showFailure';
import { actionCommand, reviewActionNames } from '../../protocol/reviewActions';
import { toSettle } from '../review/settleKeys';
import { applyVerdicts } from './applyVerdicts';
import { pauseScan } from './pauseScan';
import { changeReviewKeys } from './changeReviewKeys';
import { chooseCombiner } from './chooseCombiner';
import { compareScans } from './compareScans';
import { evaluate } from './evaluate';
import { exportResults } from './exportResults';
import { getModels } from './getModels';
import { goToAnnotation } from './goToAnnotation';
import { leaveComparison } from './leaveComparison';
import { openReview } from './openReview';
import { openReviewInEditor } from './openReviewInEditor';
import { removeScan } from './removeScan';
import { rescan } from './rescan';
import { resetThreshold } from './resetThreshold';
import { restartEngine } from './restartEngine';
import { resumeScan } from './resumeScan';
import { scanFolder } from './scanFolder';
import { setThreshold } from './setThreshold';
import { setTruePositiveRate } from './setTruePositiveRate';
import { showLog } from './showLog';
import { showLeftOut } from './showLeftOut';
import { swapComparison } from './swapComparison';
import { tune } from './tune';

/** Every command of the extension, `uniOod.` before each name. */
const all: Record<string, Command> = {
  scanFolder,
  pauseScan,
  resumeScan,
  rescan,
  openReview,
  openReviewInEditor,
  exportResults,
  applyVerdicts,
  goToAnnotation,
  compareScans,
  swapComparison,
  leaveComparison,
  changeReviewKeys,
  getModels,
  tune,
  chooseCombiner,
  evaluate,
  setThreshold,
  setTruePositiveRate,
  resetThreshold,
  showLeftOut,
  removeScan,
  restartEngine,
  showLog,
};

export function registerCommands(host: HostServices): Disposable[] {
  // What a key of the review does is done in its page; from here it takes the way of every command.
  const keys = reviewActionNames.map((action) =>
    commands.registerCommand(actionCommand(action), (use: unknown) =>
      use === toSettle ? undefined : host.session.act(action),
    ),
  );
  const named = Object.entries(all).map(([name, command]) =>
    commands.registerCommand(`uniOod.${name}`, async (...given: unknown[]) => {
      try {
        return await command(host, ...given);
      } catch (error) {
        if (!isCancellation(error)) void showFailure(host, error);
        return undefined;
      }
    }),
  );
  return [...named, ...keys];
}

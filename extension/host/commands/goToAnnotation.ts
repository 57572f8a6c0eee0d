import { basename } from 'node:path';
import { commands, l10n, ProgressLocation, Range, Uri, ViewColumn, window, workspace } from 'vscode';
import * as z from 'zod/mini';
import { findAnnotation, type AnnotationPlace } from '../../protocol/annotations';
import { formatCount } from '../../protocol/localisation';
import { scanReferenceSchema, type ScanReference } from '../../protocol/scan';
import { UserFacingError } from '../../protocol/userFacingError';
import type { Command, HostServices } from '../hostServices';
import { localisation } from '../vscodeLocalisation';

const nodeSchema = z.object({ reference: scanReferenceSchema, object: z.object({ id: z.string() }) });

/** Opens the annotation file at the object of a tree item, or at the one the review looks at. */
export const goToAnnotation: Command = async (host, given) => {
  const { reference, id } = objectOf(host, given);
  const place = await window.withProgress(
    { location: ProgressLocation.Window, title: l10n.t('Looking for the annotation…') },
    () => host.engine.request(findAnnotation, { reference, id }),
  );
  const { start, end } = place.range;
  const selection = new Range(start.line, start.character, end.line, end.character);
  // Beside the review where that is an editor itself. Files of any size can be opened so.
  const viewColumn = host.reviewEditor.isActive ? ViewColumn.Beside : ViewColumn.Active;
  await commands.executeCommand('vscode.open', Uri.file(place.file), { selection, viewColumn });
  void tellWhereNotShown(place);
  return place;
};

function objectOf({ session }: HostServices, given: unknown): { reference: ScanReference; id: string } {
  const node = z.safeParse(nodeSchema, given).data;
  if (node) return { reference: node.reference, id: node.object.id };
  const { shown, focusedId } = session;
  if (shown && focusedId !== null) return { reference: shown, id: focusedId };
  throw new UserFacingError(l10n.t('Choose an object in the review first.'));
}

/** COCO is often one line, of which an editor draws the beginning. */
async function tellWhereNotShown({ file, range, text }: AnnotationPlace): Promise<void> {
  const drawn = workspace.getConfiguration('editor', Uri.file(file)).get('stopRenderingLineAfter', 10_000);
  const { line, character } = range.end;
  if (drawn < 0 || character <= drawn) return;
  const words = localisation();
  const alone = l10n.t('Show It Alone');
  const chosen = await window.showInformationMessage(
    l10n.t(
      'The editor draws the first {0} characters of a line. In {1} the annotation ends at character {2} of line {3}.',
      formatCount(drawn, words),
      basename(file),
      formatCount(character, words),
      formatCount(line + 1, words),
    ),
    alone,
  );
  if (chosen !== alone) return;
  const document = await workspace.openTextDocument({ language: 'json', content: indented(text) });
  await window.showTextDocument(document);
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

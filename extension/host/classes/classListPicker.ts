import { commands, l10n, QuickPickItemKind, Uri, window, type QuickPickItem } from 'vscode';
import type * as z from 'zod/mini';
import type { describeFolder } from '../../protocol/engine';
import { readClassList } from '../../protocol/engine';
import type { EngineClient } from '../engineProcess/engineClient';
import { accepted } from '../quickPicks';
import { localisation } from '../vscodeLocalisation';
import { classListLines, type ClassListChoice } from './classListChoices';

export type FolderDescription = z.infer<(typeof describeFolder)['result']>;

/**
 * Asks which classes belong in a folder. Null when the person left without choosing.
 *
 * @param inUse the list that was used for it last; null: none was.
 */
export async function pickClassList(
  engine: EngineClient,
  folder: Uri,
  { classLists, problems }: FolderDescription,
  inUse: readonly string[] | null,
): Promise<string[] | null> {
  const items = classListLines({ inUse, offers: classLists, problems }, localisation()).map(
    ({ choice, ...line }): ClassListItem => ({
      ...line,
      choice,
      kind: choice.kind === 'heading' ? QuickPickItemKind.Separator : QuickPickItemKind.Default,
    }),
  );
  const choice = await pickOrType(items, l10n.t('Classes that belong in {0}', folderName(folder)));
  switch (choice?.kind) {
    case 'offer':
      return choice.offer.classes;
    case 'typed':
      // What cannot be used is corrected where it is typed.
      return classesOf(engine, folder, choice.names).catch(() => fromNames(engine, folder, choice.names));
    case 'problem':
      await commands.executeCommand('vscode.open', Uri.file(choice.file));
      return null;
    case 'file':
      return fromFile(engine, folder);
    case 'names':
      return fromNames(engine, folder);
    default:
      return null;
  }
}

type ClassListItem = QuickPickItem & { choice: ClassListChoice };

/** The chosen line, or what was typed in its place. */
async function pickOrType(items: ClassListItem[], title: string): Promise<ClassListChoice | undefined> {
  const pick = window.createQuickPick<ClassListItem>();
  pick.title = title;
  pick.placeholder = l10n.t(
    'Choose a list, or type names separated by commas or semicolons. Remembered for this folder.',
  );
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.ignoreFocusOut = true;
  pick.items = items;
  pick.onDidChangeValue((value) => {
    const names = value.trim();
    const typed: ClassListItem = {
      label: l10n.t('Use: {0}', names),
      choice: { kind: 'typed', names },
      alwaysShow: true,
    };
    pick.items = names === '' ? items : [...items, typed];
  });
  return (await accepted(pick))?.choice;
}

/**
 * The classes that a preset name, a file or typed names stand for.
 * @throws an error that says what is wrong with them.
 */
export async function classesOf(engine: EngineClient, folder: Uri, spec: string): Promise<string[]> {
  return (await engine.request(readClassList, { folder: folder.fsPath, spec })).classes;
}

async function fromFile(engine: EngineClient, folder: Uri): Promise<string[] | null> {
  const files = await window.showOpenDialog({
    defaultUri: folder,
    title: l10n.t('Class List'),
    openLabel: l10n.t('Use as Class List'),
    filters: {
      [l10n.t('Class lists')]: ['txt', 'names', 'yaml', 'yml', 'json', 'csv'],
      [l10n.t('All files')]: ['*'],
    },
  });
  return files ? classesOf(engine, folder, files[0].fsPath) : null;
}

async function fromNames(engine: EngineClient, folder: Uri, typed = ''): Promise<string[] | null> {
  const names = await window.showInputBox({
    title: l10n.t('Classes that belong in {0}', folderName(folder)),
    value: typed,
    prompt: l10n.t('Names separated by commas or semicolons'),
    placeHolder: l10n.t('cat, dog, horse'),
    ignoreFocusOut: true,
    validateInput: async (text) => {
      if (text.trim() === '') return l10n.t('Type at least one class name.');
      return classesOf(engine, folder, text).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    },
  });
  return names === undefined ? null : classesOf(engine, folder, names);
}

export const folderName = (folder: Uri): string =>
  folder.path.split('/').filter(Boolean).pop() ?? folder.fsPath;

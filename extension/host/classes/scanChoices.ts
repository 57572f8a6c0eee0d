import { l10n, type Uri } from 'vscode';
import { describeFolder } from '../../protocol/engine';
import { UserFacingError } from '../../protocol/userFacingError';
import type { EngineClient } from '../engineProcess/engineClient';
import type { FolderMemory } from '../folderMemory';
import { settings } from '../settings';
import { pickBoxes } from './boxesPicker';
import { classesOf, folderName, pickClassList, type FolderDescription } from './classListPicker';

/** There is nothing to scan in the folder. */
export class NoImageError extends UserFacingError {}

/** What a caller of the scan command already knows; the rest is remembered, set, or asked for. */
export interface ScanAnswers {
  /** Names, or what stands for them: a preset or a file. */
  readonly classes?: readonly string[] | string;
  /** `detector`, `annotations`, or a file with boxes. */
  readonly boxes?: string;
}

export interface ScanChoices {
  readonly classes: string[];
  readonly boxes: string;
}

/** The choices of a scan, asked for where nobody made them yet. Null when the person left. */
export class ScanChoicesDialogue {
  constructor(
    private readonly engine: EngineClient,
    private readonly memory: FolderMemory,
  ) {}

  /** @param afresh true: asks for classes and boxes even where they are remembered. */
  async choose(folder: Uri, given: ScanAnswers = {}, afresh = false): Promise<ScanChoices | null> {
    let described: Promise<FolderDescription> | undefined;
    const describe = (): Promise<FolderDescription> => (described ??= this.describe(folder));
    const classes = await this.classes(folder, given.classes, afresh, describe);
    if (!classes) return null;
    const boxes = given.boxes ?? (await this.boxes(folder, afresh, given.classes !== undefined, describe));
    return boxes === null ? null : { classes, boxes };
  }

  /** The classes that belong in a folder, asked for where nobody chose them yet. Null when the person left. */
  chooseClasses(folder: Uri, given?: ScanAnswers['classes']): Promise<string[] | null> {
    return this.classes(folder, given, false, () => this.describe(folder));
  }

  private async classes(
    folder: Uri,
    given: ScanAnswers['classes'],
    afresh: boolean,
    describe: () => Promise<FolderDescription>,
  ): Promise<string[] | null> {
    if (typeof given === 'string') return classesOf(this.engine, folder, given);
    if (given) return [...given];
    const remembered = this.memory.choices(folder).classes ?? null;
    const set = settings.classes(folder);
    if (set !== '' && !afresh) return classesOf(this.engine, folder, set);
    if (remembered && !afresh) return remembered;
    const picked = await pickClassList(this.engine, folder, await describe(), remembered);
    if (picked) await this.memory.remember(folder, { classes: picked });
    return picked;
  }

  private async boxes(
    folder: Uri,
    afresh: boolean,
    silent: boolean,
    describe: () => Promise<FolderDescription>,
  ): Promise<string | null> {
    const known = settings.boxes(folder) ?? this.memory.choices(folder).boxes;
    if (known && !afresh) return known;
    if (silent) return 'detector';
    const { annotations } = await describe();
    if (!annotations) return 'detector';
    const picked = await pickBoxes(folder, annotations);
    if (picked) await this.memory.remember(folder, { boxes: picked });
    return picked;
  }

  /** @throws NoImageError when there is nothing to scan. */
  async describe(folder: Uri): Promise<FolderDescription> {
    const description = await this.engine.request(describeFolder, { folder: folder.fsPath });
    if (description.images > 0) return description;
    throw new NoImageError(
      l10n.t(
        'No image found in {0}. Choose a folder with JPEG, PNG, WebP, TIFF, GIF or BMP files.',
        folderName(folder),
      ),
    );
  }
}

import { Command } from 'commander';
import ora from 'ora';
import { formatBytes } from '../../protocol/formatBytes';
import { TransferRate } from '../../engine/transferRate';
import type { ModelListing } from '../../protocol/models';
import { UserFacingError } from '../../protocol/userFacingError';
import type { ModelLibrary } from '../../engine/modelLibrary';
import { localEngine } from '../localEngine';
import { fitCommand } from './fitCommand';
import { modelTable } from './modelTable';

export function modelsCommand(signal: AbortSignal): Command {
  const models = new Command('models').description('Models: what there is, getting and keeping it.');
  models
    .command('list')
    .description('The embedded model, those on this computer, and those that can be downloaded.')
    .option('--json', 'as JSON', false)
    .action(({ json }: { json: boolean }) => withLibrary((library) => list(library, json)));
  models
    .command('pull')
    .description('Download a model, or go on where a download stopped.')
    .argument('<id>', 'as in the list')
    .option('--accept-change', 'take contents that differ from those of the first download', false)
    .action((id: string, { acceptChange }: { acceptChange: boolean }) =>
      withLibrary((library) => pull(library, id, acceptChange, signal)),
    );
  models
    .command('verify')
    .description('Read every file of a model against its hash; without an id, of all stored models.')
    .argument('[id]', 'as in the list')
    .action((id: string | undefined) => withLibrary((library) => verify(library, id)));
  models
    .command('import')
    .description('Copy a folder with CLIP-layout exports, a bundle or a detector to the stored models.')
    .argument('<folder>', 'or, with --int8, the id of a stored model')
    .option('--id <id>', "its name from now on; default: the folder's")
    .option(
      '--int8',
      'make its image tower compute in 8-bit integers, in the form that suits this processor',
      false,
    )
    .action((folder: string, { id, int8 }: { id?: string; int8: boolean }) =>
      withLibrary(async (library) => {
        const name = await library.import(folder, id, int8);
        const { kind } = (await library.list()).find((model) => model.id === name)!;
        say(`Imported as ${name}. Use it with: uni-ood scan <folder> ${flagOf(kind)} ${name}`);
      }),
    );
  models
    .command('remove')
    .description('Remove a stored model; --unfinished: what broken-off downloads left.')
    .argument('[id]', 'as in the list')
    .option('--unfinished', 'remove unfinished downloads', false)
    .action((id: string | undefined, { unfinished }: { unfinished: boolean }, command: Command) => {
      if (id === undefined && !unfinished) command.error('error: name a model, or give --unfinished');
      return withLibrary((library) => remove(library, id, unfinished));
    });
  return models.addCommand(fitCommand(signal));
}

async function withLibrary(work: (library: ModelLibrary) => Promise<void>): Promise<void> {
  const engine = localEngine(1);
  try {
    await work(engine.library);
  } finally {
    await engine.dispose();
  }
}

async function list(library: ModelLibrary, json: boolean): Promise<void> {
  const models = await library.list();
  if (json) {
    process.stdout.write(`${JSON.stringify(models, null, 2)}\n`);
    return;
  }
  const { models: used, unfinished, quota } = await library.usage();
  process.stdout.write(modelTable(models));
  say(
    `Stored in ${library.directory}: ${formatBytes(used)}${quota === null ? '' : ` of ${formatBytes(quota)}`}${unfinished > 0 ? `, and ${formatBytes(unfinished)} of unfinished downloads (remove --unfinished)` : ''}.`,
  );
}

/** Naming a model is the consent; what it is, how big and from where is said before the first byte. */
async function pull(
  library: ModelLibrary,
  id: string,
  acceptChange: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { total, missing, from } = await library.plan(id, { acceptChange }, signal);
  const listing = (await library.list()).find((model) => model.id === id);
  say(`${listing?.title ?? id}, ${formatBytes(total)} (${formatBytes(missing)} to download) from ${from}.`);
  say(`Licence: ${listing?.licence ?? 'not stated'}`);
  const line = process.stderr.isTTY
    ? ora({ stream: process.stderr, discardStdin: false }).start()
    : undefined;
  const rate = new TransferRate();
  try {
    await library.pull(
      id,
      { acceptChange },
      ({ received, total: all }) => {
        const speed = rate.sample(received, performance.now() / 1000);
        const pace = speed ? ` · ${formatBytes(speed)}/s · ${secondsLeft(all - received, speed)}` : '';
        if (line) line.text = `${formatBytes(received)} of ${formatBytes(all)}${pace}`;
      },
      signal,
    );
  } finally {
    line?.stop();
  }
  say(`Ready. Use it with: uni-ood scan <folder> ${flagOf(listing?.kind)} ${id}`);
}

const flagOf = (kind: ModelListing['kind'] | undefined): string =>
  kind === 'detector' ? '--detector' : '--model';

function secondsLeft(bytes: number, bytesPerSecond: number): string {
  const seconds = Math.ceil(bytes / bytesPerSecond);
  return seconds < 90 ? `${seconds} s left` : `${Math.round(seconds / 60)} min left`;
}

async function verify(library: ModelLibrary, id: string | undefined): Promise<void> {
  const models = (await library.list()).filter(({ state }) => state !== 'offered');
  const faults: string[] = [];
  for (const model of id === undefined ? models : [{ id }]) {
    try {
      const files = await library.verify(model.id);
      say(`${model.id}: ${files} files are as they were.`);
    } catch (error) {
      if (!(error instanceof UserFacingError)) throw error;
      faults.push(error.message);
    }
  }
  if (faults.length > 0) throw new UserFacingError(faults.join('\n'));
}

async function remove(library: ModelLibrary, id: string | undefined, unfinished: boolean): Promise<void> {
  if (unfinished) {
    const { unfinished: bytes } = await library.usage();
    await library.dropUnfinished();
    say(`Removed unfinished downloads; ${formatBytes(bytes)} became free.`);
  }
  if (id !== undefined) say(`Removed ${id}; ${formatBytes(await library.remove(id))} became free.`);
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

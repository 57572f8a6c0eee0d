import { Command, CommanderError } from 'commander';
import { UserFacingError } from '../protocol/userFacingError';
import { applyCommand } from './applyCommand';
import { compareCommand } from './compareCommand';
import { evaluateCommand } from './evaluateCommand';
import { exportCommand } from './exportCommand';
import { modelsCommand } from './models/modelsCommand';
import { scanCommand } from './scanCommand';
import { tuneCommand } from './tuneCommand';

/** Exit statuses that scripts rely on. */
const exitStatus = { done: 0, failed: 1, wrongUsage: 2, cancelled: 130 } as const;

async function run(): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const program = new Command('uni-ood')
    .description('Finds the objects in an image dataset that do not belong to the classes you know.')
    .version(process.env.UNI_OOD_VERSION ?? '0')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  for (const command of [
    scanCommand(stop.signal),
    exportCommand(stop.signal),
    applyCommand(),
    compareCommand(),
    tuneCommand(stop.signal),
    evaluateCommand(stop.signal),
    modelsCommand(stop.signal),
  ])
    program.addCommand(withExitOverride(command));
  try {
    await program.parseAsync();
    return exitStatus.done;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitStatus.done : exitStatus.wrongUsage;
    if (stop.signal.aborted) {
      console.error(
        cancelled[process.argv[2]] ?? 'Cancelled. What was finished is kept; the same command continues.',
      );
      return exitStatus.cancelled;
    }
    console.error(error instanceof UserFacingError ? error.message : error);
    return exitStatus.failed;
  }
}

/** What is said of commands that begin anew when they are called again. */
const cancelled: Readonly<Record<string, string | undefined>> = {
  tune: 'Cancelled. Nothing was written; the combiner that was there stays.',
  evaluate: 'Cancelled. Nothing was written.',
};

function withExitOverride(command: Command): Command {
  command.exitOverride();
  command.commands.forEach(withExitOverride);
  return command;
}

void run().then((status) => process.exit(status));

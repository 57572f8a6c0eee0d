import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Results } from '../../extension/protocol/results';

export const repository = join(__dirname, '../..');
const program = join(repository, 'dist/cli.js');

export interface Ended {
  status: number | null;
  output: string;
  /** Standard error: what a person reads. */
  words: string;
}

/** Runs the built command line, with a state directory of its own. */
export class CommandLine {
  readonly place = realpathSync(mkdtempSync(join(tmpdir(), 'command-line-')));
  /** Added to the environment of what is started. */
  environment: Record<string, string> = {};

  private get settings(): NodeJS.ProcessEnv {
    const own = { XDG_STATE_HOME: join(this.place, 'state'), XDG_CACHE_HOME: join(this.place, 'cache') };
    return { ...process.env, ...own, ...this.environment };
  }

  /** A folder with copies of some samples. */
  samples(name: string, files: readonly string[]): string {
    const folder = join(this.place, name);
    for (const file of files)
      cpSync(join(repository, 'media/samples', file), join(folder, file), { recursive: true });
    return folder;
  }

  start(options: readonly string[]): ChildProcess {
    return spawn(process.execPath, [program, ...options], {
      cwd: this.place,
      env: this.settings,
    });
  }

  run(...options: string[]): Promise<Ended> {
    return ended(this.start(options));
  }

  /** As `run`, under another program that is given the command line's words. */
  runUnder(command: readonly string[], ...options: string[]): Promise<Ended> {
    const [name, ...first] = command;
    return ended(
      spawn(name, [...first, process.execPath, program, ...options], {
        cwd: this.place,
        env: this.settings,
      }),
    );
  }

  /** Scans and gives the results; the scan has to succeed. */
  async results(folder: string, ...options: string[]): Promise<Results> {
    const { status, output, words } = await this.run('scan', folder, '--output', '-', ...options);
    if (status !== 0) throw new Error(`The scan ended with ${status}: ${words}`);
    return JSON.parse(output) as Results;
  }

  dispose(): void {
    rmSync(this.place, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function ended(child: ChildProcess): Promise<Ended> {
  let output = '';
  let words = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output, words }));
  });
}

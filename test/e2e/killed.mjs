// What the review shows as saved is on the disk: VS Code is killed, with all its processes, at random instants while verdicts are
// given by keys. The page outlives it in the browser, so that what it showed is compared with the store of the folder.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { copySamples } from '../vscode/samples.mjs';
import { root, Stage } from './stage.mjs';

const kills = 3;
// Milliseconds from one verdict to the next: faster than a person, and slow enough that some are saved before they are changed again.
const between = 60;
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const random = seeded(seed);
console.log(`  KILL_SEED=${seed}`);

const stage = await Stage.open({
  name: 'e2e-killed',
  settings: { 'uniOod.review.autoAdvance': 'off' },
  window: { viewport: { width: 1500, height: 1500 } }, // every object of the list is in sight
  fill: (place) => {
    copySamples(root, join(place, 'workspace/samples'));
    // A threshold above every score flags all.
    const scan = ['scan', join(place, 'workspace/samples'), '--classes', 'voc', '--threshold', '1'];
    commandLine(...scan, '--quiet');
  },
});
const { page, workbench, workspace, step } = stage;
const folder = join(workspace, 'samples');
const verdictOf = { o: 'ood', i: 'id', x: 'ignored' };
const verdictKeys = Object.keys(verdictOf);
let review;

await stage.walk(async () => {
  await step('the review shows the scan', openReview);
  await step(
    'verdicts go to the objects they were given for, however fast keys come in a new window',
    async () => {
      const given = Array.from({ length: 15 }, (_, at) => verdictKeys[at % 3]);
      let shown;
      do {
        for (const key of given) {
          await page.keyboard.press(key);
          await page.keyboard.press('j');
        }
        shown = await verdictsOnceStill();
      } while (shown.every((verdict) => verdict === null));
      // The first keys may have come before any may act; from the one that acts first on none is missing or out of its turn.
      const first = shown.findIndex((verdict) => verdict !== null);
      const acted = shown.slice(first, shown.indexOf(null, first));
      assert.ok(first === 0 || first === 1, `the first verdict is of object ${first + 1}`);
      const last = given.slice(-acted.length).map((key) => verdictOf[key]);
      assert.deepEqual(acted, last);
      assert.equal(shown.filter((verdict) => verdict !== null).length, acted.length);
      await firstObject();
    },
  );
  const shown = { saved: 0, faint: 0 };
  for (let kill = 1; kill <= kills; kill++) {
    await step(`kill ${kill} of VS Code: what was shown as saved is on the disk`, async () => {
      const instant = 500 + Math.floor(random() * 2500);
      const given = await giveVerdicts(() => killAfter(instant));
      const { saved, faint } = await compareWithDisk();
      shown.saved += saved;
      shown.faint += faint;
      console.log(`    after ${instant} ms and ${given} verdicts; ${saved} shown as saved, ${faint} faint`);
    });
    await step('the review comes back', startAgain);
  }
  assert.ok(shown.saved > 0, 'no verdict was ever shown as saved');

  let shownLast = [];
  await step('what an engine that hangs has not saved is faint when VS Code is killed', async () => {
    process.kill(enginePid(), 'SIGSTOP');
    for (const { verdict } of (await rows()).slice(0, 5)) {
      await page.keyboard.press(verdict === 'ood' ? 'i' : 'o'); // another one than it has
      await page.keyboard.press('j');
      await pause(120); // as fast as a person
    }
    await review.locator('.verdict.waiting').nth(4).waitFor();
    await workbench.shot('faint');
    await pause(500); // the host has them as well
    await stage.server.kill();
    const { faint } = await compareWithDisk();
    assert.equal(faint, 5);
    shownLast = (await rows()).map(({ verdict }) => verdict);
  });
  await step('it is saved once an engine runs again', async () => {
    await startAgain();
    await review.locator('.verdict.waiting').first().waitFor({ state: 'detached', timeout: 30_000 });
    const { faint } = await compareWithDisk();
    assert.equal(faint, 0);
    assert.deepEqual(
      stored().map(({ verdict }) => verdict),
      shownLast,
    );
    await workbench.shot('saved');
  });
});

async function openReview() {
  await workbench.runCommand('UNI-OOD: Open Review in Editor');
  review = await workbench.review(true);
  await firstObject();
}

/** Looks at the first object, with the keyboard in the review. */
async function firstObject() {
  const first = review.locator('.list [role=option]').first();
  await first.waitFor({ timeout: 30_000 });
  await first.click();
}

async function startAgain() {
  await stage.server.startAgain();
  await page.goto(stage.server.address(workspace));
  await openReview();
}

/** Gives one verdict after the other, down the list and up again, until VS Code has ended. @returns how many. */
async function giveVerdicts(end) {
  const objects = await review.locator('.list [role=option]').count();
  let hasEnded = false;
  const ended = end().finally(() => (hasEnded = true));
  let given = 0;
  for (; !hasEnded; given++) {
    const turn = Math.floor(given / objects);
    await page.keyboard.press(verdictKeys[turn % 3]);
    await page.keyboard.press(turn % 2 === 0 ? 'j' : 'k');
    await pause(between);
  }
  await ended;
  return given;
}

async function killAfter(milliseconds) {
  await pause(milliseconds);
  await stage.server.kill();
}

/** The verdicts of the list in order, when no key is on its way any more. */
async function verdictsOnceStill() {
  for (let before = ''; ;) {
    const shown = (await rows()).map(({ verdict }) => verdict);
    if (shown.join() === before) return shown;
    before = shown.join();
    await pause(1500);
  }
}

/** Every object of the list: how it is read out, the verdict that its mark shows, and whether that is faint. */
function rows() {
  return review.locator('.list').evaluate((list) =>
    [...list.querySelectorAll('[role=option]')].map((row) => ({
      said: row.getAttribute('aria-label'),
      verdict: ['ood', 'id', 'ignored'].find((verdict) => row.querySelector(`.verdict i.${verdict}`)) ?? null,
      isFaint: Number(getComputedStyle(row.querySelector('.verdict')).opacity) < 1,
    })),
  );
}

/** Asserts that each verdict that is not faint is what the store holds. @returns how many are, and how many are faint. */
async function compareWithDisk() {
  await pause(500); // what was on its way to the page has arrived
  const shown = await rows();
  const held = stored();
  // The list is in the order of the scores as well.
  assert.equal(shown.length, held.length, 'not every object is in sight');
  for (const [at, { said }] of shown.entries()) assert.ok(said.endsWith(`, ${held[at].image}`), said);
  const lost = shown.filter(({ verdict, isFaint }, at) => !isFaint && verdict !== held[at].verdict);
  assert.deepEqual(lost, [], 'shown as saved, and not on the disk');
  const saved = shown.filter(({ verdict, isFaint }) => !isFaint && verdict !== null);
  return { saved: saved.length, faint: shown.filter(({ isFaint }) => isFaint).length };
}

/** The photo of each object in the store of the folder, and its verdict there; the lowest score first. */
function stored() {
  const { objects } = JSON.parse(commandLine('export', folder));
  return objects
    .sort((a, b) => a.score - b.score)
    .map(({ image, decision }) => ({ image, verdict: decision?.verdict ?? null }));
}

function commandLine(...flags) {
  const program = join(root, 'dist/cli.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...flags], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** The engine that runs for this VS Code. */
function enginePid() {
  const pids = readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && argumentsOf(pid).includes(stage.place),
  );
  const engines = pids.filter((pid) => /dist\/engine\.js/.test(argumentsOf(pid)));
  assert.equal(engines.length, 1, `${engines.length} engines run`);
  return Number(engines[0]);
}

function argumentsOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it has ended meanwhile
  }
}

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
function seeded(from) {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

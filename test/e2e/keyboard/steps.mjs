// The way from a folder in the Explorer to the exported file, without a mouse.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {object} person
 * @param {import('./hands.mjs').Hands} person.hands
 * @param {import('./hands.mjs').Eyes} person.eyes
 * @param {(name: string, work: () => Promise<void>) => Promise<void>} person.step
 * @param {(name: string) => Promise<unknown>} person.shot
 * @param {string} person.folder that is scanned: `samples` in the workspace.
 */
export async function walkByKeys({ hands, eyes, step, shot, folder }) {
  /** Whether the review is looked at in its editor, and not in the side bar. */
  let isWide = false;
  const review = () => eyes.review(isWide);
  let delta = 0;
  /** What was said of each object before it got its verdict, in the order of verdicts. */
  const objects = [];

  await step('the folder is reached in the Explorer', async () => {
    // The same keys again lead away from it.
    await insist('the folder to have the keyboard', ['Control+Shift+E'], async () => {
      await hands.press('Home');
      return /^samples\b/.test(await eyes.focused());
    });
  });
  await step('its context menu leads to the scan', async () => {
    const entry = /^Scan Folder/;
    // The Explorer shows before the extension's menus are known. Escape leaves the menu, and then the folder as well.
    await insist('the menu to offer the scan', ['Escape', 'Home', 'Shift+F10'], async () =>
      (await eyes.menu()).some((name) => entry.test(name)),
    );
    await shot('menu');
    for (let left = (await eyes.menu()).length; !entry.test(await eyes.focused()); left--) {
      assert.ok(left > 0, 'The arrows do not reach the scan in the menu.');
      await hands.press('ArrowDown');
    }
    await hands.press('Enter');
  });
  await step('classes are chosen by typing', async () => {
    await choose(/^Pascal VOC 20/, 'Pascal VOC');
  });
  await step('the review takes the keyboard', async () => {
    await seen(
      'the scan to end',
      async () => {
        const { isScanning, objects, focused } = await review();
        assert.ok(!focused, 'The review took the keyboard by itself.');
        return !isScanning && objects > 4;
      },
      120_000,
    );
    await command('UNI-OOD: Open Review', /^UNI-OOD: Open Review(,|$)/);
    await seen('the keyboard to be in the review', async () => (await review()).focused);
    await lookAt('Shift+2', 'Attention β');
    await lookAt('Shift+3', 'Alignment μ');
    await shot('alignment');
  });
  await step('the review opens at full width from its list', async () => {
    await hands.press('End', 'Home');
    await at(1);
    await hands.press('Enter');
    isWide = true;
    await seen('the keyboard to be in the wide review', async () => (await review()).focused);
    await lookAt('Shift+4', 'Combined ω');
    delta = (await review()).threshold;
    await shot('wide');
  });
  await step('keys go to the next object and back', async () => {
    await at(1);
    await hands.press('j', 'j');
    await at(3);
    await hands.press('k', 'k');
    await at(1);
  });
  await step('each verdict is given by a key, and the next object is there', async () => {
    for (const [key, verdict] of [
      ['o', /out of distribution/i],
      ['c', /out of distribution: forklift/i],
      ['i', /in distribution: /i],
      ['x', /ignored/i],
    ]) {
      const { place, object } = await review();
      assert.match(object, /, not reviewed, /);
      objects.push(object);
      await hands.press(key);
      if (key === 'c') await name('forklift');
      await saved(place, verdict);
      await at(place + 1);
    }
    await shot('verdicts');
  });
  await step('verdicts are taken back and given again', async () => {
    await hands.press('Control+z');
    await saved(4, /not reviewed/);
    await hands.press('Control+z');
    await saved(3, /not reviewed/);
    await hands.press('Control+Shift+z');
    await saved(3, /in distribution: /i);
    assert.match((await review()).said[4], /not reviewed/);
  });
  await step('δ rises by keys', async () => {
    await hands.press('.', 'Shift+.');
    await seen('δ to be 0.011 higher', async () => near((await review()).threshold, delta + 0.011));
    await shot('threshold');
  });
  await step('what is typed into the command palette as soon as it opens gives no verdict', async () => {
    await insist('the command palette', ['F1'], async () => (await eyes.typed()) === '>');
    await hands.type('ooo');
    await seen('what was typed', async () => (await eyes.typed()) === '>ooo');
    await insist('the palette to close', ['Escape'], async () => (await eyes.typed()) === null);
  });
  await step('what is typed into the Explorer as soon as it has the keyboard gives no verdict', async () => {
    await lookAt('Shift+1', 'Photo');
    const { place, said } = await review();
    await hands.press('Control+Shift+E');
    const isInExplorer = async () => /^(Files Explorer|samples)\b/.test(await eyes.focused());
    await seen('the keyboard to be in the Explorer', isInExplorer, 10_000, 0);
    await hands.type('oix');
    assert.ok(await isInExplorer());
    await insist('the keyboard to be in the review', ['Control+1'], async () => (await review()).focused);
    await lookAt('Shift+4', 'Combined ω');
    const after = await review();
    assert.deepEqual({ place: after.place, said: after.said }, { place, said });
    await hands.press('j');
    await at(place + 1);
    await hands.press('k');
    await at(place);
  });
  await step('the file that is exported holds what was decided', async () => {
    await command('UNI-OOD: Export…');
    await choose(/^JSON\b/, 'JSON');
    await choose(/^Reviewed Objects/, 'Reviewed');
    await seen('the place of the file', async () =>
      /samples-reviewed\.json$/.test((await eyes.typed()) ?? ''),
    );
    await shot('export');
    await hands.press('Enter');
    const results = await written(join(folder, 'samples-reviewed.json'));
    assert.ok(near(results.threshold.value, delta + 0.011), `δ is ${results.threshold.value}`);
    assert.equal(results.threshold.source, 'user');
    // The fourth was taken back, and stays so.
    assert.deepEqual(results.objects.map(({ decision }) => decision.verdict).sort(), ['id', 'ood', 'ood']);
    const decided = objects.slice(0, 3).map((said) => {
      const [decision, predictedClass] = inFile(results, said);
      return { verdict: decision.verdict, class: decision.class, predictedClass };
    });
    const [first, second, third] = decided.map(({ predictedClass }) => predictedClass);
    assert.deepEqual(decided, [
      { verdict: 'ood', class: undefined, predictedClass: first },
      { verdict: 'ood', class: 'forklift', predictedClass: second },
      { verdict: 'id', class: third, predictedClass: third },
    ]);
  });

  /** Presses keys until what they are for is seen. */
  async function insist(what, keys, look) {
    const end = Date.now() + 60_000;
    do {
      await hands.press(...keys);
      const limit = Date.now() + 1500;
      while (Date.now() < limit) {
        if (await look()) return;
        await pause(100);
      }
    } while (Date.now() < end);
    assert.fail(`waited in vain for ${what}`);
  }

  /** Shows a map, which the same key does again; then keys surely go to the review. */
  async function lookAt(key, map) {
    await insist(`the map ${map}`, [key], async () => (await review()).map === map);
  }

  async function at(place) {
    await seen(`object ${place} to be looked at`, async () => (await review()).place === place);
  }

  /** Waits until the object at a place of the list is said to carry a verdict, and that it is on the disk. */
  async function saved(place, verdict) {
    await seen(`${verdict} to be saved for object ${place}`, async () => {
      const said = (await review()).said[place] ?? '';
      return verdict.test(said) && !said.includes('not saved yet');
    });
  }

  /** Types a name that no class has, where one is asked for. */
  async function name(given) {
    await seen('the field of the name', async () => (await review()).naming === '');
    await hands.type(given);
    await seen('the name in its field', async () => (await review()).naming === given);
    await shot('name');
    await hands.press('Enter');
    // VS Code has to hear that nothing is typed any more before keys are verdicts again.
    await lookAt('Shift+1', 'Photo');
    await lookAt('Shift+4', 'Combined ω');
  }

  /** Runs a command of the palette. */
  async function command(title, line = title) {
    await insist('the command palette', ['F1'], async () => (await eyes.typed()) === '>');
    await choose(line, title);
  }

  /** Types into the open pick until its line is the one, and takes it. */
  async function choose(line, text) {
    const isLine = (said) => (typeof line === 'string' ? said.includes(line) : line.test(said));
    await seen(
      'a pick',
      async () => (await eyes.picked()) !== '' && [null, '', '>'].includes(await eyes.typed()),
    );
    await hands.type(text);
    await seen(`the line ${line}`, async () => isLine(await eyes.picked()));
    await hands.press('Enter');
    await seen('the pick to close', async () => !isLine(await eyes.picked()));
  }
}

const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));

const near = (a, b) => Math.abs(a - b) < 1e-6;

/** @param between milliseconds from one look to the next. */
async function seen(what, look, milliseconds = 40_000, between = 100) {
  for (const end = Date.now() + milliseconds; !(await look()); await pause(between))
    assert.ok(Date.now() < end, `waited in vain for ${what}`);
}

/** The results file, once it is there whole. */
async function written(file) {
  await seen(file, () => existsSync(file));
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The verdict that a file holds for the object that was read out so, and the class it is closest to. */
function inFile({ objects }, said) {
  const [, className, score, image] = /^(?:closest to )?(.+), score (\d\.\d+), .*, (\S+)$/.exec(said);
  const found = objects.filter(
    (object) =>
      object.image === image &&
      object.predictedClass === className &&
      Math.abs(object.score - Number(score)) <= 0.0005,
  );
  assert.equal(found.length, 1, `${found.length} objects of the file are “${said}”`);
  return [found[0].decision, className];
}

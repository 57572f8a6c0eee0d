/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

const catalogue = path.resolve(import.meta.dirname, '../../l10n/bundle.l10n.json');

/** The catalogue in a language that is English between marks: `⟦Show ⟧{0}⟦ new⟧`. Values stand outside of the marks. */
export function markedTexts(): Record<string, string> {
  const texts = JSON.parse(readFileSync(catalogue, 'utf8')) as Record<string, string>;
  const marked = (text: string): string =>
    text.replace(/\{\d\}|[^{}]+/g, (part) => (part.startsWith('{') ? part : `⟦${part}⟧`));
  return Object.fromEntries(Object.keys(texts).map((text) => [text, marked(text)]));
}

/**
 * What a page in that language says outside of the marks: in sight, on pointing at it, or to a screen reader.
 *
 * @param names of things, which no language changes: they are passed over as whole words.
 */
export function unmarkedTexts(page: Page, names: readonly string[]): Promise<string[]> {
  const longestFirst = [...names].sort((one, other) => other.length - one.length);
  const alternatives = longestFirst.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  return page.evaluate((known) => {
    const ofNoLanguage = [
      /⟦[^⟧]*⟧/g,
      new RegExp(`(?<![\\p{L}\\d])(${known})(?![\\p{L}\\d])`, 'gu'),
      /[\w/.-]+\.(jpe?g|png)/g,
      /\bobject-\d+/g,
      /\((?:(?:Shift|Ctrl)\+)*(?:.|Enter|Esc)\)/g,
      /[A-Z][a-z]{2} \d+, \d{4}, \d+:\d\d\s[AP]M/g,
    ];
    const rest = (text: string): string =>
      ofNoLanguage.reduce((left, pattern) => left.replace(pattern, ' '), text);
    const said = [...document.body.querySelectorAll('*')]
      .filter(
        (element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches('script, kbd'),
      )
      .flatMap((element) => {
        // A name that may be shortened stands in two parts.
        const isPart = element.parentElement?.matches('.name:has(> .head)') ?? false;
        const own = isPart
          ? []
          : [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
        const named = ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext'].map((name) =>
          element.getAttribute(name),
        );
        return [...own.map(({ textContent }) => textContent), ...named].filter((text) => text !== null);
      });
    return [...new Set(said.filter((text) => /\p{L}{2}/u.test(rest(text))))];
  }, alternatives);
}

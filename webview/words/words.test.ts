import { afterEach, describe, expect, it } from 'vitest';
import { firstClause } from './clauses';
import { folderName, splitName, splitPath } from './files';
import { pieces, t, useTranslations } from './localise';
import { countOf, formatPercentile, formatScore, formatTimes, parseThreshold } from './numbers';
import { rowSentence, rowTooltip, type RowFacts } from './rows';
import { verdictSentence } from './verdicts';

describe('the first clause', () => {
  it.each([
    ['Comes with the model: keeps 95 % of 341 objects.', 'Comes with the model'],
    [
      'It was measured with another class list, so it may not suit yours. Move it.',
      'It was measured with another class list',
    ],
    ['Measured on 34 objects only: on others …', 'Measured on 34 objects only'],
    ['Keeps 95.1 % of 1,203 objects; expect others.', 'Keeps 95.1 % of 1,203 objects'],
    ['Set by you.', 'Set by you'],
    ['no end', 'no end'],
    ['', ''],
  ])('of “%s” is “%s”', (text, clause) => {
    expect(firstClause(text)).toBe(clause);
  });
});

describe('numbers in words', () => {
  it('shows scores with three decimals and a true minus', () => {
    expect(formatScore(0.2714)).toBe('0.271');
    expect(formatScore(-0.1)).toBe('−0.100');
    expect(formatScore(NaN)).toBe('–');
  });

  it('counts in figures', () => {
    expect(countOf(1, 'object')).toBe('1 object');
    expect(countOf(0, 'object')).toBe('0 objects');
    expect(formatTimes(6.21)).toBe('6.2×');
    expect(formatTimes(14.3)).toBe('14×');
    expect(formatPercentile(0.004)).toBe('<1');
    expect(formatPercentile(0.219)).toBe('22');
  });

  it('reads a threshold with a point or a comma, and nothing else', () => {
    expect(parseThreshold(' 0,271 ')).toBe(0.271);
    expect(parseThreshold('−0.1')).toBe(-0.1);
    expect(parseThreshold('')).toBeNull();
    expect(parseThreshold('0.2.7')).toBeNull();
    expect(parseThreshold('Infinity')).toBeNull();
  });
});

describe('files and verdicts in words', () => {
  it('parts path and name', () => {
    expect(splitPath('trips/palace/view.jpg')).toEqual({ folder: 'trips/palace/', name: 'view.jpg' });
    expect(splitPath('view.jpg')).toEqual({ folder: '', name: 'view.jpg' });
    expect(folderName('C:\\photos\\field')).toBe('field');
    expect(folderName('/data/field-photos/')).toBe('field-photos');
  });

  it('keeps the end of a long name, whole characters only', () => {
    const long = 'фотография-красивого-кота-🐈🐈🐈0031.jpg';
    const { head, tail } = splitName(long);
    expect(head + tail).toBe(long);
    expect(tail).toBe('🐈🐈0031.jpg');
    expect(splitName('IMG_4711.jpeg')).toEqual({ head: 'IM', tail: 'G_4711.jpeg' });
    expect(splitName('1.jpg')).toEqual({ head: '', tail: '1.jpg' });
    expect(splitName('scan of 1899')).toEqual({ head: 'scan o', tail: 'f 1899' });
  });

  it('names the given class', () => {
    expect(verdictSentence('id', 'cat')).toBe('In distribution: cat');
    expect(verdictSentence('ignored', undefined)).toBe('Ignored');
  });
});

describe('texts in another language', () => {
  afterEach(() => useTranslations({}));

  it('are those of the bundle, with values where they belong there', () => {
    useTranslations({ '{0} of {1} flagged': 'von {1} sind {0} auffällig', '{0} objects': '{0} Objekte' });
    expect(t('{0} of {1} flagged', 3, 57)).toBe('von 57 sind 3 auffällig');
    expect(pieces('{0} of {1} flagged')).toEqual(['von ', 1, ' sind ', 0, ' auffällig']);
    expect(countOf(7, 'object')).toBe('7 Objekte');
    expect(countOf(1, 'object')).toBe('1 object');
  });
});

describe('the words of a row', () => {
  const flagged: RowFacts = {
    className: 'sofa',
    file: 'cafe/cat_1919.jpg',
    score: 0.098,
    flagged: true,
    decision: null,
    waiting: false,
    otherSaid: null,
  };

  it('say of a flagged object what it is closest to, until a person says what it is', () => {
    expect(rowSentence(flagged)).toBe(
      'closest to sofa, score 0.098, flagged, not reviewed, cafe/cat_1919.jpg',
    );
    expect(rowTooltip(flagged)).toBe('Closest class: sofa\ncafe/cat_1919.jpg');
    const named: RowFacts = { ...flagged, decision: { verdict: 'ood', class: 'quokka' }, waiting: true };
    expect(rowSentence(named)).toBe(
      'sofa, score 0.098, flagged, Out of distribution: quokka, not saved yet, cafe/cat_1919.jpg',
    );
    expect(rowTooltip(named)).toBe('cafe/cat_1919.jpg');
  });

  it('tell what the other scan says, where two are compared', () => {
    const compared: RowFacts = { ...flagged, flagged: false, otherSaid: 'not found' };
    expect(rowSentence(compared)).toBe(
      'sofa, score 0.098, kept, in the other scan: not found, not reviewed, cafe/cat_1919.jpg',
    );
    expect(rowTooltip(compared)).toBe('In the other scan: not found\ncafe/cat_1919.jpg');
  });
});

import { describe, expect, it } from 'vitest';
import { english } from '../protocol/localisation';
import type { ScanSummary } from '../protocol/scan';
import { statusBarText } from './statusBarText';

const shown = { flagged: 1203, reviewedFlagged: 142 } as ScanSummary;
const facts = { engineStopped: null, isScanning: false, shown, name: 'field-photos' };

describe('the status bar', () => {
  it('says how far the review is', () => {
    expect(statusBarText(facts, english)).toEqual({
      text: '$(target) UNI-OOD: 142 of 1,203',
      tooltip: '142 of 1,203 flagged objects in field-photos are reviewed',
      isWarning: false,
    });
  });

  it.each([
    [0, 0, 'UNI-OOD: nothing flagged', 'No object in field-photos is flagged'],
    [1, 0, 'UNI-OOD: 0 of 1', 'The one flagged object in field-photos is not reviewed yet'],
    [1, 1, 'UNI-OOD: 1 of 1', 'The one flagged object in field-photos is reviewed'],
    [2, 1, 'UNI-OOD: 1 of 2', '1 of 2 flagged objects in field-photos are reviewed'],
  ])('of %i flagged, %i reviewed, is in good words', (flagged, reviewedFlagged, text, tooltip) => {
    const said = statusBarText({ ...facts, shown: { flagged, reviewedFlagged } as ScanSummary }, english);
    expect(said).toMatchObject({ text: `$(target) ${text}`, tooltip });
  });

  it('leaves a running scan to its notification', () => {
    expect(statusBarText({ ...facts, isScanning: true }, english)).toBeNull();
  });

  it('says that the engine stopped, before all else', () => {
    const text = statusBarText({ ...facts, isScanning: true, engineStopped: 'It ended.' }, english);
    expect(text).toMatchObject({ text: '$(debug-disconnect) UNI-OOD: engine stopped', isWarning: true });
    expect(text?.tooltip).toBe('It ended.');
  });

  it('is silent without a scan', () => {
    expect(statusBarText({ ...facts, shown: null, engineStopped: 'It ended.' }, english)).toBeNull();
  });
});

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

import { expect, it } from 'vitest';
import { printable } from './printable';

it('shows a name in one line, by escapes where it would break', () => {
  expect(printable('trips/a\nb\r\tc.jpg')).toBe('trips/a\\nb\\r\\tc.jpg');
  expect(printable('a\u2028b\u0007.jpg')).toBe('a\\u2028b\\u0007.jpg');
});

it('leaves every other name as it is', () => {
  expect(printable('Fotos/Äpfel 日本 \u{1f980}.jpg')).toBe('Fotos/Äpfel 日本 \u{1f980}.jpg');
});

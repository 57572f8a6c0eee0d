import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('details', () => {
  it('say where box and label come from, by which model, and what the object is called in exports', async () => {
    await screen.openList();
    const lines = await screen.page
      .getByRole('region', { name: 'Details' })
      .locator('dl > *')
      .allInnerTexts();
    const fact = (name: string): string => lines[lines.indexOf(name) + 1];
    expect(fact('Boxes from')).toBe('annotations (COCO, instances.json)');
    expect(fact('Box')).toMatch(/^\d+, \d+, \d+, \d+$/);
    expect(fact('Model')).toBe('micro 1.0.0');
    expect(fact('Label in file')).toMatch(/^\w+$/);
    expect(fact('Object id')).toBe(await screen.focused.getAttribute('id'));
  });
});

import { commands, extensions, Uri } from 'vscode';

/** VS Code's own, which can be disabled. */
const previewExtension = 'vscode.markdown-language-features';

/** Shows a Markdown report as a page; where VS Code's preview is disabled, as text. */
export async function openReport(path: string): Promise<void> {
  const show = extensions.getExtension(previewExtension) ? 'markdown.showPreview' : 'vscode.open';
  await commands.executeCommand(show, Uri.file(path));
}

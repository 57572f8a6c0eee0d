import { commands, Uri } from 'vscode';

/** Shows a Markdown report as a page; where VS Code's preview is switched off, as text. */
export async function openReport(path: string): Promise<void> {
  const file = Uri.file(path);
  const isPreviewed = (await commands.getCommands(true)).includes('markdown.showPreview');
  await commands.executeCommand(isPreviewed ? 'markdown.showPreview' : 'vscode.open', file);
}

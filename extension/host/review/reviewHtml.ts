import { randomBytes } from 'node:crypto';
import { env, l10n, Uri, type Webview } from 'vscode';
import type { ReviewState } from '../../protocol/review';

/** Where the bundled review screen lies. */
export const screenFolder = (extension: Uri): Uri => Uri.joinPath(extension, 'dist', 'webview');

/** The page of the review screen: it may load its own files and pictures from the local roots, and nothing else. */
export function reviewHtml(webview: Webview, extension: Uri, place: ReviewState['place']): string {
  const nonce = randomBytes(16).toString('base64');
  const address = (file: string): string =>
    webview.asWebviewUri(Uri.joinPath(screenFolder(extension), file)).toString();
  const policy = [
    "default-src 'none'",
    `img-src ${webview.cspSource}`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${env.language}">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1.0">
  <title>${l10n.t('UNI-OOD Review')}</title>
  <link rel="stylesheet" href="${address('codicon.css')}">
  <link rel="stylesheet" href="${address('review.css')}">
</head>
<body>
  <div id="app" data-place="${place}" data-translations="${attribute(JSON.stringify(l10n.bundle ?? {}))}"></div>
  <script nonce="${nonce}" src="${address('review.js')}"></script>
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportParts, type ReportHead } from '../../protocol/report';

/** The beginning and the end of a report; its data stand between. */
export interface ReportPage {
  begin: string;
  end: string;
}

/** The bundled screen beside the program. */
const screen = join(__dirname, 'webview');

/** The page of a report: nothing but its own script and style sheet run in it, known by their hashes, and nothing is loaded. */
export async function reportPage(title: string): Promise<ReportPage> {
  const [script, style] = await Promise.all([
    readFile(join(screen, 'report.js'), 'utf8').then((text) => text.replaceAll('</script', '<\\/script')),
    readFile(join(screen, 'report.css'), 'utf8').then((text) => text.replaceAll('</style', '<\\/style')),
  ]);
  const policy = [
    "default-src 'none'",
    'img-src data:',
    'font-src data:',
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return {
    begin: `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body class="report">
<div id="about"></div>
<div id="app" data-place="report"></div>
`,
    end: `<script>${script}</script>
</body>
</html>
`,
  };
}

/** The element that holds the head. */
export const headElement = (head: ReportHead): string => dataElement(`id="${reportParts.head}"`, head);

/** The element that holds an object or a photo. */
export const partElement = (part: 'object' | 'photo', name: string, value: unknown): string =>
  dataElement(`${reportParts[part]}="${escaped(name)}"`, value);

/** JSON that nothing in it can end. */
function dataElement(attribute: string, value: unknown): string {
  return `<script type="application/json" ${attribute}>${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>\n`;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

import { formatBytes } from '../../protocol/formatBytes';
import type { ModelListing } from '../../protocol/models';

const stateWords = { embedded: 'embedded', stored: 'on disk', offered: 'to download' } as const;

/** Models for a terminal, a line each, with licence and what to expect below. */
export function modelTable(models: readonly ModelListing[]): string {
  const widest = Math.max(...models.map(({ id }) => id.length));
  return models
    .map(({ id, title, kind, state, bytes, licence, expectation, broken }) => {
      const about = state === 'offered' ? 'about ' : '';
      const head = `${id.padEnd(widest)}  ${stateWords[state].padEnd(11)}  ${(about + formatBytes(bytes)).padStart(13)}  ${kind === 'detector' ? 'detector · ' : ''}${title}`;
      const rest = broken ? [`cannot be used: ${broken}`] : [expectation, `Licence: ${licence}`];
      return [head, ...rest.filter((line) => line !== '').map((line) => `    ${line}`)].join('\n');
    })
    .join('\n')
    .concat('\n');
}
